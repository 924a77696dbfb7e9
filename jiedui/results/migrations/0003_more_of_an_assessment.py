from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('results', '0002_scope'),
    ]

    operations = [
        migrations.AddField(
            model_name='indicatordefinition',
            name='rule_text_en',
            field=models.TextField(blank=True, default='', verbose_name='英文计算规则'),
        ),
        migrations.AddField(
            model_name='indicatorvalue',
            name='missing_reason_en',
            field=models.CharField(blank=True, default='', verbose_name='英文缺失原因'),
        ),
        migrations.AddField(
            model_name='indicatorvalue',
            name='score_missing_reason',
            field=models.CharField(blank=True, default='', verbose_name='不计分原因'),
        ),
        migrations.AddField(
            model_name='pairscore',
            name='deduction',
            field=models.DecimalField(decimal_places=6, max_digits=12, null=True, verbose_name='扣分'),
        ),
        migrations.AddField(
            model_name='pairscore',
            name='grade_zh',
            field=models.CharField(blank=True, default='', max_length=32, verbose_name='等次名称'),
        ),
        migrations.AddField(
            model_name='pairscore',
            name='peer_class',
            field=models.CharField(blank=True, default='', max_length=64, verbose_name='同类'),
        ),
        migrations.AddField(
            model_name='pairscore',
            name='peers',
            field=models.IntegerField(null=True, verbose_name='同类数'),
        ),
    ]
