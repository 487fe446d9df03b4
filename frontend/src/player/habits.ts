/** How somebody likes recordings to be played on this device. */
export interface Habits {
  volume: number
  muted: boolean
  captions: boolean
  rate: number
}

/** The speeds that are offered; what was played faster than twice does not count as watched. */
export const rates = [0.75, 1, 1.25, 1.5, 2]

const memory = 'haidang.player'
const usual: Habits = { volume: 1, muted: false, captions: true, rate: 1 }

/** What is kept, as far as it makes sense. */
export function habits(): Habits {
  try {
    const kept = JSON.parse(localStorage.getItem(memory) ?? '{}') as Partial<Habits>
    const volume = Number(kept.volume ?? 1)
    return {
      volume: volume >= 0 && volume <= 1 ? volume : 1,
      muted: kept.muted === true,
      captions: kept.captions !== false,
      rate: rates.find((r) => r === kept.rate) ?? 1,
    }
  } catch {
    return usual
  }
}

export function keepHabits(change: Partial<Habits>): void {
  try {
    localStorage.setItem(memory, JSON.stringify({ ...habits(), ...change }))
  } catch {
    // a browser that keeps nothing plays as usual
  }
}
