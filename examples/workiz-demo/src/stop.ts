/** Aborts at the first Ctrl-C (or SIGTERM); the second one ends the process at once. */
export function stopSignal(onStop: () => void): AbortSignal {
  const stopping = new AbortController()
  const stop = () => {
    if (stopping.signal.aborted) process.exit(130)
    onStop()
    stopping.abort()
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  return stopping.signal
}
