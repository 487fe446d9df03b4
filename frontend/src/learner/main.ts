import '$lib/ui/tokens.css'
import '$lib/ui/themes.css'
import { mount } from 'svelte'
import { wear } from '$lib/look.svelte'
import { assume, open } from '$lib/session.svelte'
import App from './App.svelte'

wear()
assume()
void open()
mount(App, { target: document.getElementById('app')! })

// After the page, so that it takes nothing from it; where a browser has no workers, pages need the network.
addEventListener('load', () => void navigator.serviceWorker?.register('/sw.js').catch(() => {}))
