import { Button, Stack } from '@mui/material';
import type { KeyboardEvent } from 'react';

interface Props<Value extends string> {
  /** The prefix of the element IDs: `${id}-${value}` is a tab, `${id}-panel` the panel. */
  id: string;
  tabs: readonly { value: Value; label: string }[];
  value: Value;
  onChange: (value: Value) => void;
}

/** Two tabs. MUI's Tabs, which can scroll, would be too much code for the sign-in page. */
export function TwoTabs<Value extends string>({ id, tabs, value, onChange }: Props<Value>) {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    const other = tabs.find((each) => each.value !== value);
    if (!other) return;
    onChange(other.value);
    document.getElementById(`${id}-${other.value}`)?.focus();
  };
  return (
    <Stack
      role="tablist"
      direction="row"
      onKeyDown={onKeyDown}
      sx={{ mb: 2.5, borderBottom: 1, borderColor: 'divider' }}
    >
      {tabs.map((each) => {
        const isSelected = each.value === value;
        return (
          <Button
            key={each.value}
            role="tab"
            id={`${id}-${each.value}`}
            aria-controls={`${id}-panel`}
            aria-selected={isSelected}
            tabIndex={isSelected ? 0 : -1}
            onClick={() => onChange(each.value)}
            sx={{
              flex: 1,
              py: 1.25,
              mb: '-1px',
              borderRadius: 0,
              borderBottom: 2,
              borderColor: isSelected ? 'primary.main' : 'transparent',
              color: isSelected ? 'primary.main' : 'text.secondary',
            }}
          >
            {each.label}
          </Button>
        );
      })}
    </Stack>
  );
}
