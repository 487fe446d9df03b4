import * as m from '$lib/messages/messages'

/** What learners hold, in pixels of the page. */
export const devices = {
  phone: { name: m.device_phone, width: 360, height: 740 },
  tablet: { name: m.device_tablet, width: 768, height: 1024 },
  desktop: { name: m.device_desktop, width: 1280, height: 800 },
}

export type Device = keyof typeof devices

/** What the bare page in the frame tells the studio: the lesson it shows, '' for the course. */
export interface Shown {
  lesson: string
}

/** The lesson that a message from the frame names, or undefined for any other message. */
export function told(event: MessageEvent, frame: Window | null | undefined): string | undefined {
  if (event.origin !== location.origin || event.source !== frame) return undefined
  const { lesson } = (event.data ?? {}) as Partial<Shown>
  return typeof lesson === 'string' ? lesson : undefined
}
