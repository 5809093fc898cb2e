/** Those who want to hear of due jobs. None can disturb another, or the one who wakes them. */
export function wakeUps() {
  const listeners = new Set<{ wake(): unknown }>()

  return {
    async add(wake: () => unknown) {
      const listener = { wake }
      listeners.add(listener)
      return async () => void listeners.delete(listener)
    },

    /** Returns at once; the listeners are called when the caller has finished. */
    wake() {
      for (const listener of listeners) {
        Promise.resolve()
          .then(() => listeners.has(listener) && listener.wake())
          .catch(() => {})
      }
    },

    clear: () => listeners.clear(),
  }
}
