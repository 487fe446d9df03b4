/** How this device shows the app: words that are classes of the page (themes.css). */
export type Word = 'big' | 'huge' | 'one' | 'light' | 'dark' | 'contrast'

/** What was chosen here; null before the first choice. */
export const look = $state({ words: localStorage.getItem('haidang.look') })

export const looks = (word: Word) => look.words?.includes(word)

export function wear() {
  document.documentElement.className = look.words ?? ''
}
