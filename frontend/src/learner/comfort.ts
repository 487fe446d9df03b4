import { mount, unmount } from 'svelte'
import { look, wear } from '$lib/look.svelte'
import Comfort from './Comfort.svelte'
import Offer from './Offer.svelte'

/** Asks how this device is to show the app, above whatever page is open. */
export function open() {
  const dialog = mount(Comfort, { target: document.body, props: { close: () => void unmount(dialog) } })
}

let offered = false
/** Offers larger text below the sign-in, where nothing was chosen yet. */
export function offer() {
  if (!offered) mount(Offer, { target: document.getElementById('main')! })
  offered = true
}

export function choose(words: string) {
  localStorage.setItem('haidang.look', (look.words = words))
  wear()
}
