/**
 * Does work once at a time, however often it is asked for: what is asked for while it
 * runs is done once more behind it, and everybody waits for the end of that.
 */
export function coalesced(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined
  let asked = false // since the work that is under way began

  async function all(): Promise<void> {
    try {
      while (asked) {
        asked = false
        await work()
      }
    } finally {
      running = undefined
    }
  }

  return () => {
    asked = true
    return (running ??= all())
  }
}
