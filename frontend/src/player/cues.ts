import { habits, keepHabits } from './habits'

/** What is said, and where in milliseconds. */
export interface Cue {
  at: number
  text: string
}

/** Reads captions whether they are shown or not, for they are the transcript, too; and keeps whether they are. Gives how to stop. */
export function follow(element: HTMLTrackElement, media: HTMLMediaElement | undefined, told: (cues: Cue[]) => void): () => void {
  element.track.mode = habits().captions ? 'showing' : 'hidden'
  const read = () => told([...(element.track.cues ?? [])].map((c) => ({ at: Math.round(c.startTime * 1000), text: (c as VTTCue).text.replace(/<[^>]*>/g, '') })))
  const changed = () => keepHabits({ captions: element.track.mode === 'showing' })
  element.addEventListener('load', read)
  media?.textTracks.addEventListener('change', changed)
  return () => {
    element.removeEventListener('load', read)
    media?.textTracks.removeEventListener('change', changed)
  }
}
