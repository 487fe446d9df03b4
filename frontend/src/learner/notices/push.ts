/** Why this browser shows no notices. */
export type Hindrance = 'none' | 'blocked' | 'failed'

/** Whether this browser could show notices at all. */
export const possible = () => 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window

/** Asks the person, then the browser's maker, and gives what the server has to know. */
export async function subscribe(key: string): Promise<{ endpoint: string; key: string; auth: string } | Hindrance> {
  if (!possible()) return 'none'
  if ((await Notification.requestPermission()) !== 'granted') return 'blocked'
  const worker = await navigator.serviceWorker.getRegistration()
  if (!worker) return 'none'
  try {
    const made = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key })
    const { endpoint, keys } = made.toJSON()
    return { endpoint: endpoint!, key: keys!['p256dh']!, auth: keys!['auth']! }
  } catch {
    return 'failed'
  }
}
