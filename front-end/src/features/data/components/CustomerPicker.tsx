import { Autocomplete, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { TextField } from '@/components/TextField';
import { dataTexts } from '@/config/texts/data';
import type { User } from '@/lib/types';
import { displayName } from '@/lib/users';
import { foundCustomersQuery } from '../api/customers';

const DELAY = 300; // milliseconds after the last key

interface Props {
  label: string;
  value: User | null;
  /** Cannot be chosen. */
  except?: string;
  error?: string | undefined;
  onChange: (user: User | null) => void;
}

/** Finds a customer by name, email address, own ID or order number. */
export function CustomerPicker({ label, value, except, error, onChange }: Props) {
  const [words, setWords] = useState('');
  const [settled, setSettled] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setSettled(words.trim()), DELAY);
    return () => clearTimeout(timer);
  }, [words]);
  const found = useQuery(foundCustomersQuery(settled));
  return (
    <Autocomplete
      options={(found.data ?? []).filter((each) => each.user_id !== except)}
      loading={found.isFetching}
      filterOptions={(options) => options}
      getOptionKey={(user) => user.user_id}
      getOptionLabel={displayName}
      isOptionEqualToValue={(a, b) => a.user_id === b.user_id}
      noOptionsText={dataTexts.noCustomerFound}
      value={value}
      onChange={(_, user) => onChange(user)}
      onInputChange={(_, text, reason) => setWords(reason === 'input' ? text : '')}
      renderOption={({ key, ...props }, user) => (
        <li key={key} {...props}>
          <span>
            <bdi>{displayName(user)}</bdi>
            <Typography variant="caption" color="textSecondary" component="span" sx={{ display: 'block' }}>
              {[user.external_id, user.email].filter(Boolean).join(' · ')}
            </Typography>
          </span>
        </li>
      )}
      renderInput={(params) => (
        <TextField {...params} label={label} error={Boolean(error)} helperText={error ?? dataTexts.findCustomer} />
      )}
    />
  );
}
