/**
 * Runs something again: after a pause that doubles, at most a minute where nothing else is
 * said, or when there may be a network again.
 */
export function retrying(run: () => void, most = 60_000) {
  let pause = 1000
  let timer: ReturnType<typeof setTimeout> | undefined
  /** It went well: the next pause is short. */
  const done = () => {
    clearTimeout(timer)
    timer = undefined
    pause = 1000
  }
  return {
    done,
    soon() {
      done()
      run()
    },
    /** It failed: again after the pause. Whoever tries meanwhile does not put that off. */
    later() {
      if (timer) return
      timer = setTimeout(() => {
        timer = undefined
        run()
      }, pause)
      pause = Math.min(pause * 2, most)
    },
  }
}
