import '$lib/ui/tokens.css'
import { mount } from 'svelte'
import { assume, open } from '$lib/session.svelte'
import App from './App.svelte'

assume()
void open()
mount(App, { target: document.getElementById('app')! })
