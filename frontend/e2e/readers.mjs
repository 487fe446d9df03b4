// What others make of the playlists and the WebVTT that the server serves: the
// parsers of Video.js and of the W3C, ffprobe, and ffmpeg as a player.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import m3u8 from 'm3u8-parser'
import webvtt from 'webvtt-parser'
import { probeMaster, probePicture, probeRendition, probeText } from './ffprobe.mjs'
import { ffmpeg } from './world.mjs'

// Its own list of entities lacks their semicolons; the one beside it is whole.
const entities = createRequire(import.meta.url)('webvtt-parser/html-entities.json')

/** Reads a playlist; whatever its reader minds fails. */
function playlist(text, what) {
  const parser = new m3u8.Parser()
  const minded = []
  for (const kind of ['warn', 'info']) parser.on(kind, ({ message }) => minded.push(message))
  parser.push(text)
  parser.end()
  // A first number that is not written is 0: what it tells of that is no complaint.
  assert.deepEqual(minded.filter((said) => !/^defaulting (media|discontinuity) sequence to zero$/.test(said)), [], what)
  assert.equal(text.split('\n')[0], '#EXTM3U', what)
  return parser.manifest
}

/** Reads WebVTT; its cues follow each other, and whatever its reader minds fails. */
export function cues(text, what, mode) {
  const { cues, errors } = new webvtt.WebVTTParser(entities).parse(text, mode)
  assert.deepEqual(errors, [], what)
  cues.forEach((cue, i) => assert.ok(cue.startTime < cue.endTime && (i === 0 || cue.startTime >= cues[i - 1].endTime), `${what}: cue ${i}`))
  return cues
}

/** The words of a cue, as its reader decodes them. */
export const wordsOf = (cue) => cue.tree.children.map(function words(node) { return node.type === 'text' ? node.value : (node.children ?? []).map(words).join('') }).join('')

const box = (bytes, at) => ({ size: bytes.readUInt32BE(at), name: bytes.toString('latin1', at + 4, at + 8) })

/** Bits per second of the fullest run of segments that plays 0.5 to 1.5 target durations (RFC 8216 §4.3.4.2). */
function peak(segments, target) {
  let most = 0
  for (let from = 0; from < segments.length; from++) {
    let [bytes, seconds] = [0, 0]
    for (const s of segments.slice(from)) {
      bytes += s.byterange.length
      seconds += s.duration
      if (seconds > 1.5 * target) break
      if (seconds >= 0.5 * target) most = Math.max(most, (bytes * 8) / seconds)
    }
  }
  return most
}

/** Checks a media playlist against the file that it names. */
function rendition(text, file, bytes, lasts, what) {
  const { segments, targetDuration, endList } = playlist(text, what)
  assert.ok(endList && segments.length > 0, `${what} ends`)
  let at = segments[0].byterange.offset
  for (const s of segments) {
    assert.equal(s.uri, file, what)
    assert.deepEqual([s.map.uri, s.map.byterange.offset], [file, 0], what)
    assert.equal(s.byterange.offset, at, `${what}: a segment follows the one before`)
    assert.equal(box(bytes, at).name, 'moof', `${what}: a segment begins with a fragment`)
    assert.ok(Math.round(s.duration) <= targetDuration, `${what}: ${s.duration} s in a target of ${targetDuration}`)
    at += s.byterange.length
  }
  // Behind the last segment lies a list for seeking alone, and between what every
  // segment needs and the first one the index of each track.
  assert.deepEqual(box(bytes, at), { size: bytes.length - at, name: 'mfra' }, `${what}: the segments reach the end of the file`)
  let index = segments[0].map.byterange.length
  for (; index < segments[0].byterange.offset; index += box(bytes, index).size) assert.equal(box(bytes, index).name, 'sidx', what)
  assert.equal(index, segments[0].byterange.offset, `${what}: the index ends where the first segment begins`)
  const seconds = segments.reduce((sum, s) => sum + s.duration, 0)
  assert.ok(Math.abs(seconds - lasts) < 0.5, `${what} plays ${seconds} of ${lasts} s`)
  return { segments, targetDuration, seconds }
}

/** Plays a file or playlist to its end. */
function plays(folder, name) {
  const { status, stderr } = spawnSync(ffmpeg(), ['-v', 'error', '-nostdin', '-xerror', '-i', name, '-f', 'null', '-'], { cwd: folder, encoding: 'utf8' })
  assert.deepEqual([status, stderr], [0, ''], name)
}

/**
 * Reads all that is served of a recording with the readers of others; get gives
 * the bytes of an address. It says how many playlists there were.
 */
export async function readRecording(asset, folder, get) {
  const here = join(folder, `read-${asset.id}`)
  mkdirSync(here)
  const base = asset.hlsUrl.replace(/[^/]+$/, '')
  const lasts = asset.durationMs / 1000
  const all = (await get(asset.hlsUrl)).toString()
  const { playlists } = playlist(all, 'the playlist of all')
  assert.deepEqual(playlists.map((p) => p.uri), asset.renditions.map((r) => `${r.name}.m3u8`))
  const silent = !asset.renditions.some((r) => r.name === 'audio')
  for (const [i, { uri, attributes }] of playlists.entries()) {
    const [text, file] = [(await get(base + uri)).toString(), uri.replace('.m3u8', '.mp4')]
    const bytes = await get(base + file)
    assert.equal(bytes.length, asset.renditions[i].bytes, file)
    const { segments, targetDuration, seconds } = rendition(text, file, bytes, lasts, uri)
    assert.ok(attributes.BANDWIDTH >= peak(segments, targetDuration), `${uri} needs more than ${attributes.BANDWIDTH} bit/s`)
    const average = segments.reduce((sum, s) => sum + s.byterange.length, 0) * 8 / seconds
    assert.ok(Math.abs(attributes['AVERAGE-BANDWIDTH'] - average) <= 1, `${uri} has ${average} bit/s on average`)
    const { width, height } = asset.renditions[i]
    assert.deepEqual(attributes.RESOLUTION, width ? { width, height } : undefined, uri)
    writeFileSync(join(here, uri), text)
    writeFileSync(join(here, file), bytes)
    plays(here, file)
    plays(here, uri)
    probeRendition(here, asset.renditions[i], silent, lasts, segments)
  }
  probeMaster(here, all, playlists)
  if (asset.posterUrl) {
    const { width, height } = probePicture(here, 'poster.jpg', await get(asset.posterUrl))
    assert.ok(width <= 640 && Math.abs(width / height - asset.width / asset.height) < 0.02, `a poster of ${width} × ${height}`)
  }
  return playlists.length
}

/** Checks the track of small pictures: they lie in the large one, one after the other, to the film's end. */
export async function readThumbs(asset, folder, get, sizeOf) {
  const text = (await get(asset.thumbsUrl)).toString()
  const track = cues(text, 'the small pictures', 'metadata')
  assert.deepEqual(probeText(folder, 'thumbs.vtt', text), track.map((c) => [c.startTime, c.endTime]))
  const base = asset.thumbsUrl.replace(/[^/]+$/, '')
  const places = new Set()
  let size
  for (const [i, cue] of track.entries()) {
    assert.equal(cue.startTime, i === 0 ? 0 : track[i - 1].endTime, 'the small pictures leave no gap')
    const [, file, x, y, w, h] = cue.text.match(/^([\w.]+)#xywh=(\d+),(\d+),(\d+),(\d+)$/)
    assert.equal(file, 'thumbs.jpg')
    size ??= await sizeOf(base + file)
    assert.ok(+w > 0 && +h > 0 && +x + +w <= size.width && +y + +h <= size.height, `${cue.text} lies in ${size.width} × ${size.height}`)
    places.add(`${x},${y}`)
  }
  assert.deepEqual(probePicture(folder, 'thumbs.jpg', await get(`${base}thumbs.jpg`)), size)
  assert.equal(places.size, track.length, 'each has its own place')
  assert.equal(track.at(-1).endTime, asset.durationMs / 1000)
}
