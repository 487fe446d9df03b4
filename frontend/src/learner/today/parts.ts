/** What comes behind the first page's own bytes, in one chunk. */
export { default as Minutes } from './Minutes.svelte'
export { default as Nothing } from './Nothing.svelte'
export { default as Why } from './Why.svelte'
export { default as Next } from './Next.svelte'
