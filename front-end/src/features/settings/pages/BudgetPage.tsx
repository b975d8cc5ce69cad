import { budgetTexts } from '@/config/texts/budget';
import { useSession } from '@/lib/session';
import { BudgetSetting } from '../components/BudgetSetting';
import { BudgetUsage } from '../components/BudgetUsage';
import { PricesSetting } from '../components/PricesSetting';
import { SettingsFrame } from '../components/SettingsFrame';

export default function BudgetPage() {
  const { canEdit } = useSession();
  return (
    <SettingsFrame title={budgetTexts.title} description={budgetTexts.description}>
      {(props) => (
        <>
          {canEdit && <BudgetUsage />}
          <BudgetSetting {...props} />
          <PricesSetting {...props} />
        </>
      )}
    </SettingsFrame>
  );
}
