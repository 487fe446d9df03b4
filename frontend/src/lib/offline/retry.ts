/** Runs something again: after a pause that doubles, at most a minute, or when there may be a network again. */
export function retrying(run: () => void) {
  let pause = 1000
  let timer: ReturnType<typeof setTimeout> | undefined
  /** It went well: the next pause is short. */
  const done = () => { pause = 1000 }
  const soon = () => {
    done()
    run()
  }
  return {
    done,
    soon,
    /** It failed: again after the pause. */
    later() {
      clearTimeout(timer)
      timer = setTimeout(run, pause)
      pause = Math.min(pause * 2, 60_000)
    },
  }
}
