import { Chip } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { texts } from '@/config/texts';
import { dataTexts } from '@/config/texts/data';
import { userQuery } from '@/lib/queries';
import { displayName } from '@/lib/users';

/** Says that a list only contains rows of one customer. */
export function CustomerChip({ userId, onDelete }: { userId: string; onDelete: () => void }) {
  const user = useQuery(userQuery(userId)).data;
  return (
    <Chip
      label={dataTexts.allOf({ name: user ? displayName(user) : texts.common.unknown })}
      onDelete={onDelete}
      sx={{ alignSelf: 'flex-start' }}
    />
  );
}
