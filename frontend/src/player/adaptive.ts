import Hls from 'hls.js/light'

const ahead = 20 // seconds that are loaded before they are needed

/**
 * Plays a playlist from a position in seconds, in the rendition that the network
 * allows; failed is called once when it cannot. Gives how to stop.
 */
export function adapt(media: HTMLMediaElement, url: string, from: number, failed: () => void): () => void {
  const hls = new Hls({ enableWorker: false, startPosition: from, capLevelToPlayerSize: true, maxBufferLength: ahead, maxMaxBufferLength: 2 * ahead, backBufferLength: ahead })
  hls.on(Hls.Events.ERROR, (_, error) => {
    if (!error.fatal) return
    hls.destroy()
    failed()
  })
  hls.loadSource(url)
  hls.attachMedia(media)
  return () => hls.destroy()
}
