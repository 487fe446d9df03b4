import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const css = ['tokens', 'themes'].map((name) => readFileSync(`src/lib/ui/${name}.css`, 'utf8')).join('\n')

type Tokens = Record<string, string>
const tokens = (text: string): Tokens => Object.fromEntries([...text.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map((x) => [x[1]!, x[2]!]))
/** The tokens of the first rule with a selector, after a place in the sheet. */
const rule = (selector: string, after = '') => {
  const from = css.indexOf(`${selector} {`, css.indexOf(after))
  return tokens(css.slice(from, css.indexOf('}', from)))
}

function luminance(colour: string) {
  const [r, g, b] = [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16) / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!
}
function contrast(a: string, b: string) {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y)
  return (light! + 0.05) / (dark! + 0.05)
}

// Which text stands on what, as the style sheets have it.
const washes = ['paper', 'wash', 'due-wash', 'bad-wash', 'good-wash']
const texts: [string, string[]][] = [
  ['ink', [...washes, 'button']],
  ['soft', washes],
  ['link', washes],
  ['due', ['paper', 'wash', 'due-wash']],
  ['bad', ['paper', 'wash', 'bad-wash']],
  ['go-dark', ['paper', 'wash', 'good-wash']],
  ['on', ['head', 'go', 'go-dark']],
]
// What has only to be seen beside its ground.
const marks: [string, string][] = [['head', 'paper'], ['go', 'paper'], ['button-edge', 'button'], ['ink', 'paper'], ['head', 'track'], ['go', 'track']]

describe.each([
  ['light', rule(':root'), 4.5, 2],
  ['dark', rule('.dark'), 4.5, 2],
  ['high contrast', rule('.contrast'), 7, 3],
])('the %s colours', (_, set, least, seen) => {
  it('are the same tokens in every theme', () => expect(Object.keys(set).sort()).toEqual(Object.keys(rule(':root')).sort()))
  it.each(texts.flatMap(([text, grounds]) => grounds.map((ground) => [text, ground])))('let %s be read on %s', (text, ground) => {
    expect(contrast(set[text!]!, set[ground!]!)).toBeGreaterThanOrEqual(least)
  })
  it('let the header be read', () => expect(contrast('#ffffff', set.bar!)).toBeGreaterThanOrEqual(least))
  it.each(marks)('let %s be seen on %s', (mark, ground) => expect(contrast(set[mark]!, set[ground]!)).toBeGreaterThanOrEqual(seen))
})

it('the system gets the colours that may be chosen', () => {
  const asked = 'html:not(.light):not(.dark):not(.contrast)'
  expect(rule(asked, 'prefers-color-scheme: dark')).toEqual(rule('.dark'))
  expect(rule(asked, 'prefers-contrast: more')).toEqual(rule('.contrast'))
})
