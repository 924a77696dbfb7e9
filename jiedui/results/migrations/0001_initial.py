import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Run',
            fields=[
                ('run_id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False, verbose_name='编号')),
                ('kind', models.CharField(choices=[('match', '匹配'), ('assess', '考核')], max_length=16, verbose_name='类型')),
                ('area', models.CharField(blank=True, default='', max_length=32, verbose_name='领域')),
                ('scheme', models.CharField(blank=True, default='', max_length=64, verbose_name='考核方案')),
                ('year', models.IntegerField(blank=True, null=True, verbose_name='年度')),
                ('snapshot_digest', models.CharField(max_length=128, verbose_name='快照摘要')),
                ('snapshot_path', models.CharField(verbose_name='快照位置')),
                ('policy_digest', models.CharField(max_length=128, verbose_name='政策参数摘要')),
                ('code_version', models.CharField(max_length=64, verbose_name='程序版本')),
                ('parameters', models.JSONField(default=dict, verbose_name='参数')),
                ('seed', models.BigIntegerField(blank=True, null=True, verbose_name='种子')),
                ('started_at', models.DateTimeField(verbose_name='开始时间')),
                ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='完成时间')),
                ('status', models.CharField(choices=[('running', '运行中'), ('finished', '已完成'), ('failed', '失败')], default='running', max_length=16, verbose_name='状态')),
                ('summary', models.JSONField(default=dict, verbose_name='概要')),
                ('folder', models.CharField(blank=True, default='', verbose_name='文件夹')),
            ],
            options={
                'verbose_name': '运行',
                'verbose_name_plural': '运行',
                'indexes': [models.Index(fields=['kind', 'status', '-finished_at'], name='run_latest')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['match', 'assess'])), name='run_kind_listed'), models.CheckConstraint(condition=models.Q(('status__in', ['running', 'finished', 'failed'])), name='run_status_listed'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'finished'), _negated=True), ('finished_at__isnull', False), _connector='OR'), name='run_finished_when')],
            },
        ),
        migrations.CreateModel(
            name='RuleFinding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('duty', models.CharField(max_length=32, verbose_name='职责')),
                ('rule', models.CharField(max_length=64, verbose_name='规则')),
                ('severity', models.CharField(choices=[('note', '提示'), ('warning', '预警'), ('error', '问题')], max_length=16, verbose_name='程度')),
                ('subject', models.CharField(verbose_name='对象')),
                ('message', models.TextField(verbose_name='内容')),
                ('message_en', models.TextField(verbose_name='英文内容')),
                ('pairing_id', models.BigIntegerField(null=True, verbose_name='结对关系')),
                ('region_code', models.CharField(blank=True, db_collation='C', default='', max_length=12, verbose_name='地区')),
                ('rows', models.JSONField(default=list, verbose_name='涉及的行')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='findings', to='results.run', verbose_name='运行')),
            ],
            options={
                'verbose_name': '核查提示',
                'verbose_name_plural': '核查提示',
                'db_table': 'results_rule_finding',
                'indexes': [models.Index(fields=['run', 'pairing_id'], name='finding_pair')],
                'constraints': [models.CheckConstraint(condition=models.Q(('severity__in', ['note', 'warning', 'error'])), name='finding_severity_listed')],
            },
        ),
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('worker_id', models.BigIntegerField(verbose_name='劳动力')),
                ('person_id', models.CharField(db_collation='C', max_length=32, verbose_name='人员假名')),
                ('region_code', models.CharField(db_collation='C', max_length=12, verbose_name='户籍村')),
                ('vacancy_id', models.BigIntegerField(verbose_name='岗位')),
                ('work_region_code', models.CharField(db_collation='C', max_length=12, verbose_name='工作地')),
                ('utility', models.BigIntegerField(verbose_name='效用')),
                ('price', models.BigIntegerField(null=True, verbose_name='影子价格')),
                ('tier', models.IntegerField(verbose_name='优先级')),
                ('distance_km', models.FloatField(null=True, verbose_name='距离(公里)')),
                ('reasons', models.JSONField(default=list, verbose_name='理由')),
                ('next_best', models.JSONField(null=True, verbose_name='次优岗位')),
                ('first_wish', models.JSONField(null=True, verbose_name='首选岗位及落选原因')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='proposals', to='results.run', verbose_name='运行')),
            ],
            options={
                'verbose_name': '人岗匹配建议',
                'verbose_name_plural': '人岗匹配建议',
                'indexes': [models.Index(fields=['run', 'region_code'], name='proposal_region'), models.Index(fields=['run', 'vacancy_id'], name='proposal_vacancy')],
                'constraints': [models.UniqueConstraint(fields=('run', 'worker_id'), name='proposal_once')],
            },
        ),
        migrations.CreateModel(
            name='PairScore',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('pairing_id', models.BigIntegerField(verbose_name='结对关系')),
                ('side', models.CharField(choices=[('donor', '帮扶方'), ('recipient', '被帮扶方')], max_length=16, verbose_name='考核对象')),
                ('area', models.CharField(blank=True, default='', max_length=32, verbose_name='领域')),
                ('score', models.DecimalField(decimal_places=6, max_digits=12, null=True, verbose_name='得分')),
                ('weight', models.DecimalField(decimal_places=6, max_digits=12, null=True, verbose_name='权重')),
                ('rank', models.IntegerField(null=True, verbose_name='名次')),
                ('grade', models.CharField(blank=True, default='', max_length=32, verbose_name='等次')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='scores', to='results.run', verbose_name='运行')),
            ],
            options={
                'verbose_name': '得分',
                'verbose_name_plural': '得分',
                'db_table': 'results_pair_score',
                'constraints': [models.UniqueConstraint(fields=('run', 'pairing_id', 'side', 'area'), name='pair_score_once')],
            },
        ),
        migrations.CreateModel(
            name='IndicatorValue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('pairing_id', models.BigIntegerField(verbose_name='结对关系')),
                ('side', models.CharField(choices=[('donor', '帮扶方'), ('recipient', '被帮扶方')], max_length=16, verbose_name='考核对象')),
                ('area', models.CharField(max_length=32, verbose_name='领域')),
                ('indicator', models.CharField(max_length=64, verbose_name='指标')),
                ('value', models.DecimalField(decimal_places=6, max_digits=28, null=True, verbose_name='数值')),
                ('unit', models.CharField(max_length=32, verbose_name='单位')),
                ('numerator', models.DecimalField(decimal_places=6, max_digits=28, null=True, verbose_name='分子')),
                ('denominator', models.DecimalField(decimal_places=6, max_digits=28, null=True, verbose_name='分母')),
                ('previous', models.DecimalField(decimal_places=6, max_digits=28, null=True, verbose_name='上年')),
                ('target', models.DecimalField(decimal_places=6, max_digits=28, null=True, verbose_name='目标')),
                ('score', models.DecimalField(decimal_places=6, max_digits=12, null=True, verbose_name='得分')),
                ('evidence_rows', models.BigIntegerField(verbose_name='佐证行数')),
                ('missing_reason', models.CharField(blank=True, default='', verbose_name='缺失原因')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='values', to='results.run', verbose_name='运行')),
            ],
            options={
                'verbose_name': '指标值',
                'verbose_name_plural': '指标值',
                'db_table': 'results_indicator_value',
                'constraints': [models.UniqueConstraint(fields=('run', 'indicator', 'pairing_id', 'side'), name='indicator_value_once'), models.CheckConstraint(condition=models.Q(('value__isnull', False), models.Q(('missing_reason', ''), _negated=True), _connector='OR'), name='indicator_value_missing_says_why')],
            },
        ),
        migrations.CreateModel(
            name='IndicatorDefinition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('indicator', models.CharField(max_length=64, verbose_name='指标')),
                ('area', models.CharField(max_length=32, verbose_name='领域')),
                ('name_zh', models.CharField(verbose_name='名称')),
                ('name_en', models.CharField(verbose_name='英文名称')),
                ('duty', models.CharField(max_length=32, verbose_name='职责')),
                ('unit', models.CharField(max_length=32, verbose_name='单位')),
                ('side', models.CharField(max_length=16, verbose_name='考核对象')),
                ('direction', models.CharField(max_length=16, verbose_name='方向')),
                ('weight', models.DecimalField(decimal_places=6, max_digits=12, null=True, verbose_name='权重')),
                ('basis', models.CharField(max_length=16, verbose_name='权重依据')),
                ('rule_text', models.TextField(verbose_name='计算规则')),
                ('sql', models.TextField(verbose_name='查询')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='definitions', to='results.run', verbose_name='运行')),
            ],
            options={
                'verbose_name': '指标定义',
                'verbose_name_plural': '指标定义',
                'db_table': 'results_indicator_definition',
                'constraints': [models.UniqueConstraint(fields=('run', 'indicator', 'side'), name='indicator_definition_once')],
            },
        ),
    ]
