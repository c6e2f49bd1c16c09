type Follower = { readonly live: { watch(refs: readonly string[]): () => void } }

/** Follows these points (`device/*` for all of a device) while the screen is shown that asks for them. */
export const watching = (ui: Follower, refs: () => readonly string[]) => {
  $effect(() => ui.live.watch(refs()))
}
