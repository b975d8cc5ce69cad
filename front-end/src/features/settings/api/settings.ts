import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type Answer, call } from '@/lib/client';
import type { Business } from '@/lib/types';

export type Settings = Business['settings'];
export type Speculation = NonNullable<Settings['speculation']>;
export type Handover = NonNullable<Settings['handover']>;
export type WritableFields = NonNullable<Settings['writable_fields']>;

/** What each section of the page gets. */
export interface SettingProps {
  loaded: Answer<Business>;
  /** Reports whether the section has unsaved changes. */
  onUnsaved: (section: string, isUnsaved: boolean) => void;
}

/** The API replaces all settings, so the changed ones are sent together with the others. */
export function useSaveSettings(businessId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async ({ settings, etag }: { settings: Settings; etag: string | null }) =>
      call('put', '/api/v1/businesses/{business_id}', {
        path: { business_id: businessId },
        body: { settings },
        ifMatch: etag,
      }),
    // Also after a failure: if someone else has changed the settings, the page shows theirs.
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['business'] }),
  });
}
