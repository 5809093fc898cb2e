const instances = Symbol.for('longhaul.next.instances')

type Instances = Map<string, unknown>

/**
 * Makes something once for the whole process: Next loads a module anew at each change in development, and may load it once
 * per route, and each time it would open a store of its own. It is kept until the process ends.
 *
 * @param name Of your choice. Another name, or a process of its own, for what must not be shared.
 */
export function oncePerProcess<Made>(name: string, make: () => Made): Made {
  const shared = globalThis as { [instances]?: Instances }
  shared[instances] ??= new Map()
  const made = shared[instances]
  if (!made.has(name)) made.set(name, make())
  return made.get(name) as Made
}
