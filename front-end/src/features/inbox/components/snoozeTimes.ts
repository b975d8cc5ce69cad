export interface SnoozeTime {
  name: 'hour' | 'evening' | 'tomorrow' | 'week';
  time: Date;
}

/** The suggested times until which a conversation can be snoozed, in the user's time zone. */
export function snoozeTimes(now: Date): SnoozeTime[] {
  const at = (daysLater: number, hour: number) =>
    new Date(now.getFullYear(), now.getMonth(), now.getDate() + daysLater, hour);
  const daysToMonday = (8 - now.getDay()) % 7 || 7;
  const times: SnoozeTime[] = [
    { name: 'hour', time: new Date(now.getTime() + 3600_000) },
    { name: 'evening', time: at(0, 18) },
    { name: 'tomorrow', time: at(1, 9) },
    { name: 'week', time: at(daysToMonday, 9) },
  ];
  return times.filter(({ name, time }) => name !== 'evening' || time.getTime() - now.getTime() > 3600_000);
}
