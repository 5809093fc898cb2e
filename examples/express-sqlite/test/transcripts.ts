/** A command of a page, and what the page says it prints. */
export interface Step {
  readonly command: string
  readonly said: string
}

/** What the placeholders of a page, such as `<id>`, have turned out to be. */
export type Names = Map<string, string>

/** The steps of the `sh` blocks that begin with a prompt. A command goes on behind a backslash. */
export function stepsIn(page: string): Step[] {
  const blocks = [...page.matchAll(/^```sh\n\$ ([\s\S]*?)^```$/gm)]
  const steps = blocks.flatMap(([, block = '']) => block.split(/^\$ /m))
  return steps.map(text => {
    const [command = ''] = /^(.*\\\n)*.*/.exec(text) ?? []
    return { command, said: text.slice(command.length).trim() }
  })
}

export function filledIn(text: string, names: Names): string {
  return text.replaceAll(/<([a-z]+)>/g, (whole, name) => names.get(name) ?? whole)
}

/** What the page says, with what was printed in the place of each placeholder: equal to what was printed, if it holds. */
export function whatHolds(said: string, printed: string, names: Names): unknown {
  const json = jsonOf(said)
  return json === undefined ? inText(said, printed, names) : inJson(json, jsonOf(printed), names)
}

/** `undefined` for what is no JSON. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text.replaceAll(/…(?=\s*\})/g, '"…": true'))
  } catch {
    return undefined
  }
}

function inText(said: string, printed: string, names: Names): string {
  const pattern = said.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(/<([a-z]+)>/g, '(?<$1>\\S+)')
  const found = new RegExp(`^${pattern}$`).exec(printed)?.groups ?? {}
  for (const [name, value] of Object.entries(found)) meet(name, value, names)
  return filledIn(said, names)
}

function inJson(said: unknown, printed: unknown, names: Names): unknown {
  if (typeof said === 'string') return inMember(said, printed, names)
  if (Array.isArray(said)) return said.map((one, index) => inJson(one, Object(printed)[index], names))
  if (typeof said !== 'object' || said === null) return said
  const { '…': isShortened, ...members } = said as Record<string, unknown>
  const held = Object.entries(members).map(([name, value]) => [
    name,
    inJson(value, Object(printed)[name], names),
  ])
  return { ...(isShortened ? Object(printed) : {}), ...Object.fromEntries(held) }
}

/** These stand for whatever fits; every other name stands for the same text each time. */
const kinds: Readonly<Record<string, (printed: unknown) => boolean>> = {
  any: () => true,
  number: printed => typeof printed === 'number',
  state: printed => printed === 'waiting' || printed === 'running',
}

function inMember(said: string, printed: unknown, names: Names): unknown {
  const name = /^<([a-z]+)>$/.exec(said)?.[1]
  const fits = name === undefined ? undefined : kinds[name]
  if (fits) return fits(printed) ? printed : said
  if (name !== undefined && typeof printed === 'string') meet(name, printed, names)
  return filledIn(said, names)
}

function meet(name: string, value: string, names: Names): void {
  if (!names.has(name)) names.set(name, value)
}
