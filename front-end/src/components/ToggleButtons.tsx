import { Box, Button } from '@mui/material';

interface Props<Value extends string> {
  options: readonly { value: Value; label: string }[];
  selected: readonly Value[];
  onToggle: (value: Value) => void;
  label?: string;
  /** The ID of the element that names the group, instead of `label`. */
  labelId?: string;
}

/** Buttons in a row that are pressed or not. */
export function ToggleButtons<Value extends string>({ options, selected, onToggle, label, labelId }: Props<Value>) {
  return (
    <Box
      role="group"
      aria-label={label}
      aria-labelledby={labelId}
      sx={{
        display: 'inline-flex',
        alignSelf: 'flex-start',
        border: 1,
        borderColor: 'divider',
        borderRadius: 1,
        overflow: 'hidden',
      }}
    >
      {options.map((each) => {
        const isPressed = selected.includes(each.value);
        return (
          <Button
            key={each.value}
            size="small"
            aria-pressed={isPressed}
            onClick={() => onToggle(each.value)}
            sx={{
              minWidth: 0,
              px: { xs: 1, sm: 1.25 },
              py: 0.25,
              borderRadius: 0,
              color: isPressed ? 'text.primary' : 'text.secondary',
              bgcolor: isPressed ? 'action.selected' : 'transparent',
              '& + &': { borderInlineStart: 1, borderColor: 'divider' },
            }}
          >
            {each.label}
          </Button>
        );
      })}
    </Box>
  );
}
