const browsers: [RegExp, string][] = [
  [/Zalo/, 'Zalo'],
  [/coc_coc_browser/, 'Coc Coc'],
  [/Edg\//, 'Edge'],
  [/SamsungBrowser/, 'Samsung Internet'],
  [/Firefox\//, 'Firefox'],
  [/Chrome\//, 'Chrome'],
  [/Safari\//, 'Safari'],
]
const systems: [RegExp, string][] = [
  [/Android/, 'Android'],
  [/iPhone|iPad/, 'iOS'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'macOS'],
  [/Linux/, 'Linux'],
]

const first = (list: [RegExp, string][], agent: string) => list.find(([sign]) => sign.test(agent))?.[1]

/** Names a browser and its system, such as "Chrome · Android"; empty if neither is known. */
export const agentName = (agent: string): string => [first(browsers, agent), first(systems, agent)].filter(Boolean).join(' · ')
