import { begin as quiz } from '$player/quiz/sender.svelte'
import { begin as surveys } from './surveys'

/** Sends what quizzes, surveys and notes left on this device at an earlier visit. */
export function begin() {
  quiz()
  surveys()
  void import('./notes').then((notes) => notes.begin())
}
