import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type Answer, call } from '@/lib/client';
import type { Business, BusinessUpdate } from '@/lib/types';

export type Settings = Business['settings'];
export type Speculation = NonNullable<Settings['speculation']>;
export type Handover = NonNullable<Settings['handover']>;
export type Retention = NonNullable<Settings['retention']>;
export type MaskingPattern = NonNullable<NonNullable<Settings['masking']>['patterns']>[number];
export type WritableFields = NonNullable<Settings['writable_fields']>;

/** Settings to change. The others keep their value; `undefined` removes one. */
export type SettingChanges = { [Name in keyof Settings]?: Settings[Name] | undefined };

/** What each section of a page gets. */
export interface SettingProps {
  loaded: Answer<Business>;
  /** Reports whether the section has unsaved changes. */
  onUnsaved: (section: string, isUnsaved: boolean) => void;
}

/** The API replaces all settings, so the changed ones are sent together with the others. */
export function changedSettings(settings: Settings, changes: SettingChanges): Settings {
  return Object.fromEntries(
    Object.entries({ ...settings, ...changes }).filter(([, value]) => value !== undefined),
  ) as Settings;
}

/** Saves fields of the business. `prepare` may first save something else that they refer to. */
export function useSaveBusiness(businessId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async ({ prepare, etag }: { prepare: () => Promise<BusinessUpdate>; etag: string | null }) =>
      call('put', '/api/v1/businesses/{business_id}', {
        path: { business_id: businessId },
        body: await prepare(),
        ifMatch: etag,
      }),
    // Also after a failure: if someone else has changed the settings, the page shows theirs.
    onSettled: () =>
      Promise.all(
        ['business', 'model-status', 'budget'].map((name) => queryClient.invalidateQueries({ queryKey: [name] })),
      ),
  });
}

export function useSaveSettings(businessId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async ({ settings, etag }: { settings: Settings; etag: string | null }) =>
      call('put', '/api/v1/businesses/{business_id}', {
        path: { business_id: businessId },
        body: { settings },
        ifMatch: etag,
      }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['business'] }),
  });
}
