import type { Ground, Place } from '../src/places/index.js'

/** Gives a fresh place on each ground, and takes all of them away whatever happens. */
export async function onPlaces<Result>(
  grounds: readonly Ground[],
  act: (places: readonly Place[]) => Promise<Result>,
): Promise<Result> {
  const places: Place[] = []
  try {
    for (const ground of grounds) places.push(await ground.place())
    return await act(places)
  } finally {
    for (const place of places) await place.remove()
  }
}
