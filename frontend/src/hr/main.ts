import '$lib/ui/tokens.css'
import { mount } from 'svelte'
import { open } from '$lib/session.svelte'
import App from './App.svelte'

void open().then(() => mount(App, { target: document.getElementById('app')! }))
