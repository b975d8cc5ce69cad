import { Button, Stack } from '@mui/material';
import type { KeyboardEvent, ReactNode } from 'react';

interface Props<Value extends string> {
  /** The prefix of the element IDs: `${id}-${value}` is a tab, `${id}-panel` the panel. */
  id: string;
  tabs: readonly { value: Value; label: ReactNode; panelId?: string }[];
  value: Value;
  onChange: (value: Value) => void;
  label?: string;
  /** Whether the tabs are as wide as the row. */
  isWide?: boolean;
}

const STEPS: Partial<Record<string, number>> = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity };

/** Tabs, which the arrow keys choose. On a phone the row scrolls sideways. MUI's tabs are ten times as large. */
export function Tabs<Value extends string>({ id, tabs, value, onChange, label, isWide = false }: Props<Value>) {
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const step = STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const isMirrored = Number.isFinite(step) && getComputedStyle(event.currentTarget).direction === 'rtl';
    const index = tabs.findIndex((each) => each.value === value) + (isMirrored ? -step : step);
    // From the last tab to the first one and back, but Home and End stay at the ends.
    const next = Number.isFinite(step) ? tabs.at(index % tabs.length) : tabs.at(step < 0 ? 0 : -1);
    if (!next) return;
    onChange(next.value);
    document.getElementById(`${id}-${next.value}`)?.focus();
  };
  return (
    <Stack
      role="tablist"
      aria-label={label}
      direction="row"
      onKeyDown={onKeyDown}
      sx={{ minWidth: 0, overflowX: 'auto', borderBottom: 1, borderColor: 'divider' }}
    >
      {tabs.map((each) => {
        const isSelected = each.value === value;
        return (
          <Button
            key={each.value}
            role="tab"
            id={`${id}-${each.value}`}
            aria-controls={each.panelId ?? `${id}-panel`}
            aria-selected={isSelected}
            tabIndex={isSelected ? 0 : -1}
            onClick={() => onChange(each.value)}
            sx={{
              flex: isWide ? 1 : '0 0 auto',
              minWidth: 0,
              px: { xs: 1, sm: 1.5 },
              py: 1.25,
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
