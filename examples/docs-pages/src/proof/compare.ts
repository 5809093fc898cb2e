/** What a tree holds, as one side counted it. `titles` is a hash over every path with its title. */
export interface Found {
  readonly pages: number
  readonly bytes: number
  readonly links: number
  readonly titles: string
}

/** What the job says of its work in its progress and its counters. */
export type JobSays = Omit<Found, 'titles'>

/** What is wrong with what was found; nothing, if all sides agree. */
export function differences(expected: Found, table: Found, job: JobSays): string[] {
  return [...unlike('the table', expected, table), ...unlike('the job', expected, job)]
}

function unlike(side: string, expected: Found, found: Partial<Found>): string[] {
  return Object.entries(found)
    .filter(([what, value]) => expected[what as keyof Found] !== value)
    .map(([what, value]) => `${what}: ${side} has ${value}, the files have ${expected[what as keyof Found]}`)
}
