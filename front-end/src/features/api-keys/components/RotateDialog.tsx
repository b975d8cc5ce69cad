import { Typography } from '@mui/material';
import { useForm } from '@/lib/form';
import { FormDialog } from '@/components/FormDialog';
import { FormSelectField } from '@/components/FormSelectField';
import { apiKeyTexts } from '@/config/texts/apiKeys';
import { useSession } from '@/lib/session';
import type { ApiKey, ApiKeyCreated } from '@/lib/types';
import { useChangeApiKeys } from '../api/apiKeys';
import { nameOf } from './ApiKeyRow';

interface Props {
  apiKey: ApiKey;
  onDone: (key: ApiKeyCreated) => void;
  onClose: () => void;
}

/** Replaces a key, with a period in which the old one still works. */
export function RotateDialog({ apiKey, onDone, onClose }: Props) {
  const { business } = useSession();
  const { rotate } = useChangeApiKeys(business.business_id);
  const { control, handleSubmit } = useForm({ defaultValues: { seconds: '86400' } });
  const submit = handleSubmit(({ seconds }) =>
    rotate.mutate({ keyId: apiKey.key_id, seconds: Number(seconds) }, { onSuccess: onDone }),
  );
  return (
    <FormDialog
      title={apiKeyTexts.rotateTitle({ name: nameOf(apiKey) })}
      submitLabel={apiKeyTexts.rotate}
      busy={rotate.isPending}
      error={rotate.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <Typography>{apiKeyTexts.rotateHint}</Typography>
      <FormSelectField control={control} name="seconds" label={apiKeyTexts.grace}>
        {Object.entries(apiKeyTexts.graces).map(([seconds, label]) => (
          <option key={seconds} value={seconds}>
            {label}
          </option>
        ))}
      </FormSelectField>
    </FormDialog>
  );
}
