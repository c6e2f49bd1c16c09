type Follower = { readonly live: { watch(refs: readonly string[]): () => void } }

/** Follows these points (`device/*` for all of a device) while the screen is shown that asks for them. */
export const watching = (ui: Follower, refs: () => readonly string[]) => {
  // The same points in another list are the same: asked for anew they would be unknown for a moment, which may be why there is another list.
  const asked = $derived(refs().join('\n'))
  $effect(() => ui.live.watch(asked === '' ? [] : asked.split('\n')))
}
