import { Box, Typography } from '@mui/material';
import { useMutation } from '@tanstack/react-query';
import { useForm } from '@/lib/form';
import { CodeText } from '@/components/CodeText';
import { FormDialog } from '@/components/FormDialog';
import { FormTextField, notBlank } from '@/components/FormTextField';
import { texts } from '@/config/texts';
import { securityTexts } from '@/config/texts/security';
import type { TotpSetup } from '@/lib/types';
import { confirmTotp, setUpTotp } from '../api/security';

const own = securityTexts.totp;

/** Asks for the password, shows the QR code, and asks for the first code. */
export function SetUpTotpDialog({ onDone, onClose }: { onDone: (codes: string[]) => void; onClose: () => void }) {
  const { control, handleSubmit } = useForm({ defaultValues: { password: '' } });
  const begin = useMutation({ mutationFn: setUpTotp });
  if (begin.data) return <ConfirmDialog setup={begin.data} onDone={onDone} onClose={onClose} />;
  return (
    <FormDialog
      title={own.setUpTitle}
      submitLabel={own.continue}
      busy={begin.isPending}
      error={begin.error}
      onSubmit={handleSubmit(({ password }) => begin.mutate(password))}
      onClose={onClose}
    >
      <FormTextField
        control={control}
        name="password"
        label={own.password}
        type="password"
        autoFocus
        autoComplete="current-password"
        validate={notBlank(texts.login.missing)}
      />
    </FormDialog>
  );
}

interface Props {
  setup: TotpSetup;
  onDone: (codes: string[]) => void;
  onClose: () => void;
}

function ConfirmDialog({ setup, onDone, onClose }: Props) {
  const { control, handleSubmit } = useForm({ defaultValues: { code: '' } });
  const confirm = useMutation({ mutationFn: confirmTotp, onSuccess: onDone });
  return (
    <FormDialog
      title={own.setUpTitle}
      submitLabel={own.enable}
      busy={confirm.isPending}
      error={confirm.error}
      onSubmit={handleSubmit(({ code }) => confirm.mutate(code.trim()))}
      onClose={onClose}
    >
      <Typography>{own.scan}</Typography>
      {/* White in dark mode too: many cameras do not read inverted codes. */}
      <Box
        component="img"
        src={setup.qr_code}
        alt={own.qrCode}
        sx={{ width: 200, maxWidth: '100%', justifySelf: 'center', bgcolor: '#fff', borderRadius: 1 }}
      />
      <Typography variant="body2">{own.byHand}</Typography>
      <CodeText label={own.key} text={setup.secret.replace(/(.{4})(?=.)/g, '$1 ')} />
      <FormTextField
        control={control}
        name="code"
        label={own.code}
        autoFocus
        autoComplete="one-time-code"
        validate={notBlank(texts.login.missing)}
        slotProps={{ htmlInput: { inputMode: 'numeric', maxLength: 10 } }}
      />
    </FormDialog>
  );
}
