import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { problemOf, type Reading, refresh } from './queries.js'

interface SaveOver<Read, Draft, Saved> {
  /** What the form was filled from; undefined where it makes a new one. */
  readonly read: Read
  /** Change `over` under its version, or make a new one where that is undefined. */
  readonly write: (draft: Draft, over: Read) => Promise<Saved>
  readonly makesStale: readonly Reading[]
  /** What is stored now; undefined where it is gone. */
  readonly lookAgain: (over: NonNullable<Read>) => Promise<NonNullable<Read> | undefined>
  /** `goOnFrom` is for a form that stays open: from there on it saves over what was stored. */
  readonly onSaved: (saved: Saved, goOnFrom: (stored: NonNullable<Read>) => void) => void
  /** Fill the form from what somebody else stored. */
  readonly onTake: (theirs: NonNullable<Read>) => void
}

/**
 * Save under the version that was read (PRODUCT 6.3). Where somebody was faster (412 version_mismatch), what is stored
 * now comes along as `theirs`, and takes the place of the error: to save again is to save over it, `take` fills the
 * form with it.
 */
export function useSaveOver<Read, Draft, Saved>(options: SaveOver<Read, Draft, Saved>) {
  const { read, write, makesStale, lookAgain, onSaved, onTake } = options
  const client = useQueryClient()
  const [base, setBase] = useState(read)
  const [theirs, setTheirs] = useState<NonNullable<Read>>()
  const goOnFrom = (stored: NonNullable<Read>) => {
    setBase(stored)
    setTheirs(undefined)
  }
  const { mutate, reset, error, isPending } = useMutation({
    mutationFn: ({ draft, over }: { readonly draft: Draft; readonly over: Read }) => write(draft, over),
    onSuccess: () => refresh(client, makesStale),
    onError: async (refusal, { over }) => {
      const isOutdated = problemOf(refusal).code === 'version_mismatch'
      if (isOutdated) void refresh(client, makesStale)
      // Where it cannot be read now, the refusal stands as it is, and to save again is to look again.
      setTheirs(isOutdated && over != null ? await lookAgain(over).catch(() => undefined) : undefined)
    },
  })
  return {
    base,
    theirs,
    error: theirs === undefined ? error : null,
    isPending,
    save: (draft: Draft) => mutate({ draft, over: theirs ?? base }, { onSuccess: (saved) => onSaved(saved, goOnFrom) }),
    take: () => {
      if (theirs === undefined) return
      goOnFrom(theirs)
      onTake(theirs)
      reset()
    },
  }
}
