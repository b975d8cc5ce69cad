import { useEffect, useState } from 'react';
import { useNotify } from '@/components/notify';
import { texts } from '@/config/texts';
import type { BusinessUpdate } from '@/lib/types';
import { type SettingChanges, type SettingProps, changedSettings, useSaveBusiness } from '../api/settings';

type Changes = Omit<BusinessUpdate, 'settings'> & { settings?: SettingChanges };

interface Options<Values> extends SettingProps {
  section: string;
  /** The values as they are stored. */
  saved: Values;
  /** Returns what to change in the business. */
  toChanges: (values: Values) => Changes | Promise<Changes>;
}

/** The form of a section of the settings: its values, whether they have changed, and how they are saved. */
export function useSettingForm<Values extends object>(options: Options<Values>) {
  const { section, loaded, onUnsaved, saved, toChanges } = options;
  const notify = useNotify();
  const save = useSaveBusiness(loaded.body.business_id);
  const [changed, setChanged] = useState<Partial<Values>>({});
  const values = { ...saved, ...changed };
  const isChanged = JSON.stringify(values) !== JSON.stringify(saved);
  const isUnsaved = isChanged && !save.isPending;
  useEffect(() => {
    onUnsaved(section, isUnsaved);
    return () => onUnsaved(section, false);
  }, [section, onUnsaved, isUnsaved]);
  const prepare = async (): Promise<BusinessUpdate> => {
    const { settings, ...fields } = await toChanges(values);
    return { ...fields, ...(settings ? { settings: changedSettings(loaded.body.settings, settings) } : {}) };
  };
  const onSuccess = () => {
    setChanged({});
    notify(texts.common.saved);
  };
  return {
    values,
    change: (next: Partial<Values>) => setChanged((last) => ({ ...last, ...next })),
    isChanged,
    isPending: save.isPending,
    error: save.error,
    clearError: save.reset,
    submit: () => save.mutate({ prepare, etag: loaded.etag }, { onSuccess }),
  };
}

export type SettingForm = Pick<
  ReturnType<typeof useSettingForm<object>>,
  'isChanged' | 'isPending' | 'error' | 'clearError' | 'submit'
>;
