declare const architecture: {
  houses: readonly { house: string; rooms: readonly string[] }[]
  filesOf(house: { house: string; rooms: readonly string[] }, room: string): string
  pure: readonly string[]
  pureLibraries: readonly string[]
  screens: readonly string[]
}
export = architecture
