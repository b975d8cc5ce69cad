import {
  FormControl,
  FormHelperText,
  type InputBaseComponentProps,
  InputLabel,
  OutlinedInput,
  type OutlinedInputProps,
  type SxProps,
  type Theme,
} from '@mui/material';
import { type ElementType, type ReactNode, useId } from 'react';
import { ExpandIcon } from './icons';

export interface SelectFieldProps extends Pick<
  OutlinedInputProps,
  'autoFocus' | 'disabled' | 'error' | 'fullWidth' | 'inputRef' | 'name' | 'onBlur' | 'onChange'
> {
  /** The options, as `option` elements. */
  children: ReactNode;
  value: string | number;
  label?: string;
  /** The name for screen readers, if the field has no label. */
  ariaLabel?: string;
  helperText?: ReactNode;
  sx?: SxProps<Theme>;
}

const NATIVE = 'select' as ElementType<InputBaseComponentProps>;

/**
 * Selects one of several options in the browser's own menu. MUI's select would load the code of menus with each page.
 */
export function SelectField({
  children,
  label,
  ariaLabel,
  helperText,
  disabled = false,
  error = false,
  fullWidth = true,
  sx,
  ...props
}: SelectFieldProps) {
  const id = useId();
  return (
    <FormControl size="small" disabled={disabled} error={error} fullWidth={fullWidth} {...(sx ? { sx } : {})}>
      {label && (
        <InputLabel shrink htmlFor={id}>
          {label}
        </InputLabel>
      )}
      <OutlinedInput
        {...props}
        id={id}
        label={label}
        notched={Boolean(label)}
        inputComponent={NATIVE}
        inputProps={{
          type: undefined,
          // Shown while no option is selected.
          children: [
            children,
            <option key="none" value="" hidden>
              –
            </option>,
          ],
          ...(ariaLabel ? { 'aria-label': ariaLabel } : {}),
        }}
        endAdornment={<ExpandIcon sx={{ position: 'absolute', insetInlineEnd: 8, pointerEvents: 'none' }} />}
        sx={{ pr: 0, select: { appearance: 'none', cursor: 'pointer', pr: 4, textOverflow: 'ellipsis' } }}
        {...(helperText ? { 'aria-describedby': `${id}-help` } : {})}
      />
      {helperText && <FormHelperText id={`${id}-help`}>{helperText}</FormHelperText>}
    </FormControl>
  );
}
