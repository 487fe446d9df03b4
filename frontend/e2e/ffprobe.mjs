// What ffprobe, of another build than the ffmpeg that made them, makes of the
// files that the server serves. Whatever it minds fails.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { tool } from './world.mjs'

function probed(folder, name, ...more) {
  const args = ['-v', 'warning', '-of', 'json', '-show_format', '-show_streams', ...more, name]
  const { status, stdout, stderr, error } = spawnSync(tool('ffprobe'), args, { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 28 })
  assert.deepEqual([error, status, stderr], [undefined, 0, ''], name)
  return JSON.parse(stdout)
}

/** The codecs and the look of streams, sound first. */
const looks = (streams) => streams
  .map((s) => (s.codec_type === 'audio' ? [s.codec_name, s.sample_rate] : [s.codec_name, s.profile, s.pix_fmt, s.width, s.height]))
  .sort((a, b) => a.length - b.length)

/** What a rendition of an asset has to look like. */
const wanted = ({ name, width, height }, silent) => [
  ...(silent ? [] : [['aac', '44100']]),
  ...(name === 'audio' ? [] : [['h264', 'High', 'yuv420p', width, height]]),
]

/** Where each segment has to begin: its place in the file and its time in the whole. */
function starts(segments) {
  let seconds = 0
  return segments.map(({ byterange, duration }) => {
    const start = { at: byterange.offset, end: byterange.offset + byterange.length, seconds }
    seconds += duration
    return start
  })
}

/** Checks the file of a rendition, with its segments, and the playlist beside it. */
export function probeRendition(folder, rendition, silent, lasts, segments) {
  const { name } = rendition
  const { format, streams, packets } = probed(folder, `${name}.mp4`, '-show_packets')
  assert.deepEqual(looks(streams), wanted(rendition, silent), name)
  assert.ok(streams.every((s) => s.codec_type === 'video' || s.profile === 'LC'), `${name}: AAC-LC, as the playlist of all says`)
  assert.equal(format.size, String(rendition.bytes), name)
  assert.match(format.tags.major_brand, /^iso[56]$/, `${name}: the brands of fragmented files`)
  const shown = streams.find((s) => s.codec_type === (name === 'audio' ? 'audio' : 'video'))
  const own = packets.filter((p) => p.stream_index === shown.index)
  // This build counts from the first frame that it may have to hold back.
  const first = Math.min(...own.map((p) => Number(p.pts_time)))
  for (const { at, end, seconds } of starts(segments)) {
    const packet = own.find((p) => Number(p.pos) >= at)
    assert.ok(packet && Number(packet.pos) < end && packet.flags.startsWith('K'), `${name}: the segment at ${at} begins with ${packet?.flags}`)
    assert.ok(Math.abs(packet.pts_time - first - seconds) < 0.2, `${name}: the segment at ${at} begins at ${packet.pts_time}, not at ${seconds} s`)
  }
  assert.ok(Math.abs(format.duration - first - lasts) < 0.5, `${name} lasts ${format.duration} of ${lasts} s`)
  const listed = probed(folder, `${name}.m3u8`)
  assert.deepEqual(looks(listed.streams), wanted(rendition, silent), `${name}.m3u8`)
  assert.ok(Math.abs(listed.format.duration - lasts) < 0.5, `${name}.m3u8 lasts ${listed.format.duration} of ${lasts} s`)
}

/** Checks the playlist of all, beside what it names. */
export function probeMaster(folder, text, playlists) {
  writeFileSync(join(folder, 'master.m3u8'), text)
  const { programs } = probed(folder, 'master.m3u8', '-show_programs')
  assert.deepEqual(programs.map((p) => Number(p.tags.variant_bitrate)), playlists.map((p) => p.attributes.BANDWIDTH))
}

/** Checks a picture's type; gives its size. */
export function probePicture(folder, name, bytes) {
  writeFileSync(join(folder, name), bytes)
  const { streams } = probed(folder, name)
  assert.deepEqual(streams.map((s) => s.codec_name), ['mjpeg'], name)
  return { width: streams[0].width, height: streams[0].height }
}

/** Gives the times in seconds of what a WebVTT file says. */
export function probeText(folder, name, text) {
  writeFileSync(join(folder, name), text)
  const { streams, packets } = probed(folder, name, '-show_packets')
  assert.deepEqual(streams.map((s) => s.codec_name), ['webvtt'], name)
  return packets.map((p) => [Number(p.pts_time), Number((Number(p.pts_time) + Number(p.duration_time)).toFixed(3))])
}
