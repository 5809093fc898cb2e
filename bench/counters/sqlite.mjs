/** Statements that the driver ran. */
export async function createCounter() {
  let statements = 0
  return {
    onStatement: () => void statements++,
    count: async () => statements,
    close: async () => {},
  }
}
