import { Box, Typography } from '@mui/material';
import { useId } from 'react';

interface Props {
  name: string;
  label: string;
  value: string;
  onChange: (value: string) => void;
  type?: string;
  autoComplete?: string;
  autoFocus?: boolean;
  /** Replaces the hint. */
  error?: string | undefined;
  hint?: string;
}

/** Looks like MUI's text field with a raised label, whose code is too large for the sign-in page. */
export function PlainTextField({
  name,
  label,
  value,
  onChange,
  type = 'text',
  autoComplete,
  autoFocus = false,
  error,
  hint,
}: Props) {
  const id = useId();
  const help = error ?? hint;
  const isInvalid = error !== undefined;
  return (
    <Box sx={{ position: 'relative' }}>
      <Typography
        component="label"
        htmlFor={id}
        variant="caption"
        sx={{
          position: 'absolute',
          insetInlineStart: 9,
          top: -10,
          px: 0.6,
          bgcolor: 'background.paper',
          color: isInvalid ? 'error.main' : 'text.secondary',
          'div:focus-within > &': isInvalid ? {} : { color: 'primary.main' },
        }}
      >
        {label}
      </Typography>
      <Box
        component="input"
        id={id}
        name={name}
        type={type}
        value={value}
        autoFocus={autoFocus}
        autoComplete={autoComplete}
        aria-invalid={isInvalid}
        aria-describedby={help ? `${id}-help` : undefined}
        onChange={(event) => onChange(event.target.value)}
        sx={{
          boxSizing: 'border-box',
          width: '100%',
          height: 40,
          px: 1.75,
          font: 'inherit',
          color: 'text.primary',
          bgcolor: 'transparent',
          border: 1,
          borderColor: isInvalid ? 'error.main' : 'text.secondary',
          borderRadius: 1,
          '&:focus': {
            outline: '1px solid',
            borderColor: isInvalid ? 'error.main' : 'primary.main',
            outlineColor: isInvalid ? 'error.main' : 'primary.main',
          },
        }}
      />
      {help && (
        <Typography
          id={`${id}-help`}
          variant="caption"
          component="p"
          sx={{ mt: 0.25, mx: 1.75, color: isInvalid ? 'error.main' : 'text.secondary' }}
        >
          {help}
        </Typography>
      )}
    </Box>
  );
}
