/** Runs something whenever there may be a network again. */
export function listen(soon: () => void): void {
  addEventListener('online', soon)
  document.addEventListener('visibilitychange', soon)
}
