import { expect, test } from 'vitest'
import { fitting } from './pictures.svelte'

test('of a picture the narrowest form that fills its place is fetched', () => {
  const forms = [480, 960, 1600].map((width) => ({ url: String(width), width }))
  expect([300, 480, 481, 5000].map((pixels) => fitting(forms, pixels)?.width)).toEqual([480, 480, 960, 1600])
  expect(fitting([], 100)).toBeUndefined()
})
