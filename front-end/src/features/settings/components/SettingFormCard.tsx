import { Box, Button, Stack } from '@mui/material';
import type { ReactNode } from 'react';
import { ErrorNotice } from '@/components/states';
import { texts } from '@/config/texts';
import { useSession } from '@/lib/session';
import { SettingCard } from './SettingCard';
import type { SettingForm } from './useSettingForm';

interface Props {
  title: string;
  hint: string;
  form: SettingForm;
  /** Whether the values can be saved as they are. */
  isValid?: boolean;
  /** Further buttons. */
  actions?: ReactNode;
  children: ReactNode;
}

/** A section of the settings with a button that saves it. */
export function SettingFormCard({ title, hint, form, isValid = true, actions, children }: Props) {
  const { canEdit } = useSession();
  return (
    <SettingCard title={title} hint={hint}>
      <Box
        component="form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (form.isChanged && isValid && !form.isPending) form.submit();
        }}
      >
        <Stack spacing={2}>
          {children}
          {form.error && <ErrorNotice error={form.error} onClose={form.clearError} />}
          {canEdit && (
            <Stack direction="row" useFlexGap spacing={1} sx={{ flexWrap: 'wrap' }}>
              <Button type="submit" variant="contained" disabled={!form.isChanged || !isValid} loading={form.isPending}>
                {texts.common.save}
              </Button>
              {actions}
            </Stack>
          )}
        </Stack>
      </Box>
    </SettingCard>
  );
}
