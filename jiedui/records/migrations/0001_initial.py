import django.contrib.auth.models
import django.contrib.auth.validators
import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
import jiedui.records.models.pairing
from django.conf import settings
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        BtreeGistExtension(),  # for the exclusion constraints over text and integers
        migrations.CreateModel(
            name='LoadedBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(verbose_name='内容')),
                ('seed', models.BigIntegerField(null=True, verbose_name='种子')),
                ('synthetic', models.BooleanField(verbose_name='合成数据')),
                ('digest', models.CharField(verbose_name='摘要')),
                ('rows', models.JSONField(verbose_name='行数')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='时间')),
            ],
            options={
                'verbose_name': '装载批次',
                'verbose_name_plural': '装载批次',
                'db_table': 'records_loaded_batch',
            },
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('username', models.CharField(error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                ('first_name', models.CharField(blank=True, max_length=150, verbose_name='first name')),
                ('last_name', models.CharField(blank=True, max_length=150, verbose_name='last name')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='email address')),
                ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': '用户',
                'verbose_name_plural': '用户',
            },
            managers=[
                ('objects', django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name='Change',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('table', models.CharField(verbose_name='表')),
                ('row_id', models.BigIntegerField(verbose_name='行编号')),
                ('operation', models.CharField(verbose_name='操作')),
                ('before', models.JSONField(verbose_name='变更前')),
                ('by', models.BigIntegerField(null=True, verbose_name='操作人编号')),
                ('reason', models.CharField(blank=True, null=True, verbose_name='依据')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='时间')),
            ],
            options={
                'verbose_name': '变更记录',
                'verbose_name_plural': '变更记录',
                'indexes': [models.Index(fields=['table', 'row_id'], name='change_row')],
            },
        ),
        migrations.CreateModel(
            name='Household',
            fields=[
                ('entered_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='录入时间')),
                ('household_id', models.BigAutoField(primary_key=True, serialize=False, verbose_name='户编号')),
                ('region_code', models.CharField(db_collation='C', max_length=12, validators=[django.core.validators.RegexValidator('^[0-9]{6}([0-9]{3}([0-9]{3})?)?$')], verbose_name='所在村')),
                ('entered_on', models.DateField(verbose_name='首次识别时间')),
                ('cause', models.CharField(choices=[('illness', '因病'), ('disability', '因残'), ('schooling', '因学'), ('disaster', '因灾'), ('land', '缺土地'), ('water', '缺水'), ('skill', '缺技术'), ('labour', '缺劳力'), ('funds', '缺资金'), ('transport', '交通条件落后'), ('motivation', '自身发展动力不足')], max_length=32, verbose_name='主要致贫原因')),
                ('unsafe_housing', models.BooleanField(verbose_name='危房户')),
                ('safe_water', models.BooleanField(verbose_name='安全饮水')),
                ('address', models.CharField(verbose_name='住址')),
                ('entered_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
            ],
            options={
                'verbose_name': '建档立卡户',
                'verbose_name_plural': '建档立卡户',
            },
        ),
        migrations.CreateModel(
            name='HouseholdYear',
            fields=[
                ('entered_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='录入时间')),
                ('household_year_id', models.BigAutoField(primary_key=True, serialize=False, verbose_name='编号')),
                ('region_code', models.CharField(db_collation='C', max_length=12, validators=[django.core.validators.RegexValidator('^[0-9]{6}([0-9]{3}([0-9]{3})?)?$')], verbose_name='所在村')),
                ('year', models.BigIntegerField(verbose_name='年度')),
                ('status', models.CharField(choices=[('poor', '未脱贫'), ('exited', '已脱贫'), ('relapsed', '返贫')], max_length=32, verbose_name='脱贫状态')),
                ('members', models.BigIntegerField(verbose_name='人数')),
                ('income_per_head_fen', models.BigIntegerField(blank=True, null=True, verbose_name='人均纯收入')),
                ('entered_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                ('household', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.household', verbose_name='户')),
            ],
            options={
                'verbose_name': '户年度信息',
                'verbose_name_plural': '户年度信息',
                'db_table': 'records_household_year',
            },
        ),
        migrations.CreateModel(
            name='Organisation',
            fields=[
                ('entered_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='录入时间')),
                ('organisation_id', models.BigAutoField(primary_key=True, serialize=False, verbose_name='编号')),
                ('kind', models.CharField(choices=[('firm', '企业'), ('social', '社会组织'), ('school', '学校'), ('hospital', '医院'), ('government', '党政机关'), ('person', '公民个人')], max_length=32, verbose_name='类型')),
                ('name', models.CharField(verbose_name='名称')),
                ('region_code', models.CharField(db_collation='C', max_length=12, validators=[django.core.validators.RegexValidator('^[0-9]{6}([0-9]{3}([0-9]{3})?)?$')], verbose_name='注册地')),
                ('credit_code', models.CharField(blank=True, null=True, verbose_name='统一社会信用代码')),
                ('entered_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
            ],
            options={
                'verbose_name': '组织',
                'verbose_name_plural': '组织',
            },
        ),
        migrations.CreateModel(
            name='Pairing',
            fields=[
                ('entered_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='录入时间')),
                ('pairing_id', models.BigAutoField(primary_key=True, serialize=False, verbose_name='编号')),
                ('donor_code', models.CharField(db_collation='C', max_length=12, validators=[django.core.validators.RegexValidator('^[0-9]{6}([0-9]{3}([0-9]{3})?)?$')], verbose_name='帮扶方')),
                ('recipient_code', models.CharField(db_collation='C', max_length=12, validators=[django.core.validators.RegexValidator('^[0-9]{6}([0-9]{3}([0-9]{3})?)?$')], verbose_name='被帮扶方')),
                ('level', models.CharField(choices=[('province_to_province', '省对省'), ('province_to_city', '省对市州'), ('city_to_city', '市对市州'), ('county_to_county', '县对县')], max_length=32, verbose_name='层级')),
                ('scheme', models.CharField(choices=[('east_west', '东西部扶贫协作'), ('counterpart', '对口支援'), ('jing_jin_ji', '京津冀'), ('own_province', '省内结对')], max_length=32, verbose_name='机制')),
                ('basis', models.CharField(verbose_name='依据')),
                ('valid_from', models.DateField(verbose_name='生效日期')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='失效日期')),
                ('entered_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
            ],
            options={
                'verbose_name': '结对关系',
                'verbose_name_plural': '结对关系',
            },
        ),
        migrations.CreateModel(
            name='Meeting',
            fields=[
                ('entered_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='录入时间')),
                ('meeting_id', models.BigAutoField(primary_key=True, serialize=False, verbose_name='编号')),
                ('held_on', models.DateField(verbose_name='日期')),
                ('rank', models.CharField(choices=[('principal', '党政主要负责同志'), ('deputy', '党政负责同志'), ('department', '部门负责同志')], max_length=32, verbose_name='层级')),
                ('topic', models.CharField(verbose_name='议题')),
                ('entered_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                ('pairing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.pairing', verbose_name='结对关系')),
            ],
            options={
                'verbose_name': '联席会议',
                'verbose_name_plural': '联席会议',
            },
        ),
        migrations.CreateModel(
            name='LedgerEntry',
            fields=[
                ('entered_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='录入时间')),
                ('ledger_entry_id', models.BigAutoField(primary_key=True, serialize=False, verbose_name='编号')),
                ('step', models.CharField(choices=[('agreement', '协议'), ('budget', '预算'), ('transfer', '拨付到受援方'), ('allocate', '安排到项目'), ('payment', '支付')], max_length=32, verbose_name='环节')),
                ('happened_on', models.DateField(verbose_name='日期')),
                ('document', models.CharField(verbose_name='文件号')),
                ('entered_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                ('pairing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.pairing', verbose_name='结对关系')),
            ],
            options={
                'verbose_name': '资金流水',
                'verbose_name_plural': '资金流水',
                'db_table': 'records_ledger_entry',
            },
        ),
        migrations.CreateModel(
            name='Donation',
            fields=[
                ('entered_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='录入时间')),
                ('donation_id', models.BigAutoField(primary_key=True, serialize=False, verbose_name='编号')),
                ('region_code', models.CharField(db_collation='C', max_length=12, validators=[django.core.validators.RegexValidator('^[0-9]{6}([0-9]{3}([0-9]{3})?)?$')], verbose_name='受赠地')),
                ('given_on', models.DateField(verbose_name='日期')),
                ('money_fen', models.BigIntegerField(verbose_name='资金')),
                ('goods_fen', models.BigIntegerField(verbose_name='物资折价')),
                ('purpose', models.CharField(choices=[('schooling', '捐资助学'), ('medical', '医疗救助'), ('industry', '产业发展'), ('housing', '住房'), ('other', '其他')], max_length=32, verbose_name='用途')),
                ('receipt', models.CharField(blank=True, null=True, verbose_name='票据号')),
                ('entered_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.organisation', verbose_name='捐赠方')),
                ('pairing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.pairing', verbose_name='结对关系')),
            ],
            options={
                'verbose_name': '捐赠',
                'verbose_name_plural': '捐赠',
            },
        ),
        migrations.CreateModel(
            name='DispatchTrip',
            fields=[
                ('entered_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='录入时间')),
                ('dispatch_trip_id', models.BigAutoField(primary_key=True, serialize=False, verbose_name='编号')),
                ('region_code', models.CharField(db_collation='C', max_length=12, validators=[django.core.validators.RegexValidator('^[0-9]{6}([0-9]{3}([0-9]{3})?)?$')], verbose_name='输出县')),
                ('work_region_code', models.CharField(db_collation='C', max_length=12, validators=[django.core.validators.RegexValidator('^[0-9]{6}([0-9]{3}([0-9]{3})?)?$')], verbose_name='输入地')),
                ('departed_on', models.DateField(verbose_name='出发日期')),
                ('persons', models.BigIntegerField(verbose_name='人数')),
                ('transport_fen', models.BigIntegerField(blank=True, null=True, verbose_name='交通费用')),
                ('entered_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                ('pairing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.pairing', verbose_name='结对关系')),
            ],
            options={
                'verbose_name': '组织输出批次',
                'verbose_name_plural': '组织输出批次',
                'db_table': 'records_dispatch_trip',
            },
        ),
        migrations.CreateModel(
            name='BudgetLine',
            fields=[
                ('entered_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='录入时间')),
                ('budget_line_id', models.BigAutoField(primary_key=True, serialize=False, verbose_name='编号')),
                ('donor_code', models.CharField(db_collation='C', max_length=12, validators=[django.core.validators.RegexValidator('^[0-9]{6}([0-9]{3}([0-9]{3})?)?$')], verbose_name='帮扶方')),
                ('year', models.BigIntegerField(verbose_name='年度')),
                ('approved_on', models.DateField(verbose_name='批复日期')),
                ('amount_fen', models.BigIntegerField(verbose_name='预算额')),
                ('document', models.CharField(verbose_name='文件号')),
                ('entered_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                ('pairing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.pairing', verbose_name='结对关系')),
            ],
            options={
                'verbose_name': '财政援助预算',
                'verbose_name_plural': '财政援助预算',
                'db_table': 'records_budget_line',
            },
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('entered_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='录入时间')),
                ('person_id', models.BigAutoField(primary_key=True, serialize=False, verbose_name='人编号')),
                ('region_code', models.CharField(db_collation='C', max_length=12, validators=[django.core.validators.RegexValidator('^[0-9]{6}([0-9]{3}([0-9]{3})?)?$')], verbose_name='所在村')),
                ('sex', models.CharField(choices=[('female', '女'), ('male', '男')], max_length=32, verbose_name='性别')),
                ('birth_year', models.BigIntegerField(verbose_name='出生年')),
                ('relation', models.CharField(choices=[('head', '户主'), ('spouse', '配偶'), ('child', '子女'), ('child_in_law', '儿媳或女婿'), ('grandchild', '孙子女'), ('parent', '父母'), ('sibling', '兄弟姐妹'), ('other', '其他')], max_length=32, verbose_name='与户主关系')),
                ('ethnic_group', models.CharField(verbose_name='民族')),
                ('education', models.CharField(choices=[('none', '文盲或半文盲'), ('primary', '小学'), ('junior', '初中'), ('senior', '高中'), ('vocational', '中职'), ('college', '大专及以上')], max_length=32, verbose_name='文化程度')),
                ('in_school', models.BooleanField(verbose_name='在校生')),
                ('health', models.CharField(choices=[('healthy', '健康'), ('chronic', '长期慢性病'), ('serious', '患有大病'), ('disabled', '残疾')], max_length=32, verbose_name='健康状况')),
                ('labour_ability', models.CharField(choices=[('none', '无劳动能力'), ('weak', '弱劳动力或半劳动力'), ('ordinary', '普通劳动力'), ('skilled', '技能劳动力')], max_length=32, verbose_name='劳动能力')),
                ('joined_on', models.DateField(verbose_name='人员识别时间')),
                ('left_on', models.DateField(blank=True, null=True, verbose_name='减少时间')),
                ('name', models.CharField(verbose_name='姓名')),
                ('id_number', models.BinaryField(verbose_name='证件号码')),
                ('id_number_index', models.BinaryField(max_length=32, verbose_name='证件号码盲索引')),
                ('pseudonym', models.CharField(db_collation='C', editable=False, max_length=32, verbose_name='假名')),
                ('phone', models.BinaryField(blank=True, null=True, verbose_name='联系电话')),
                ('entered_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                ('household', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.household', verbose_name='户')),
            ],
            options={
                'verbose_name': '建档立卡人口',
                'verbose_name_plural': '建档立卡人口',
            },
        ),
        migrations.CreateModel(
            name='Disclosure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('columns', models.JSONField(verbose_name='字段')),
                ('reason', models.CharField(verbose_name='事由')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='时间')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='查看人')),
                ('person', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to='records.person', verbose_name='被查看人')),
            ],
            options={
                'verbose_name': '查看敏感信息记录',
                'verbose_name_plural': '查看敏感信息记录',
            },
        ),
        migrations.CreateModel(
            name='Placement',
            fields=[
                ('entered_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='录入时间')),
                ('placement_id', models.BigAutoField(primary_key=True, serialize=False, verbose_name='编号')),
                ('region_code', models.CharField(db_collation='C', max_length=12, validators=[django.core.validators.RegexValidator('^[0-9]{6}([0-9]{3}([0-9]{3})?)?$')], verbose_name='户籍村')),
                ('work_region_code', models.CharField(db_collation='C', max_length=12, validators=[django.core.validators.RegexValidator('^[0-9]{6}([0-9]{3}([0-9]{3})?)?$')], verbose_name='工作地')),
                ('kind', models.CharField(choices=[('east', '转移到东部就业'), ('near', '就近就地就业'), ('other', '转移到其他地区就业')], max_length=32, verbose_name='类型')),
                ('started_on', models.DateField(verbose_name='上岗日期')),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='离岗日期')),
                ('monthly_wage_fen', models.BigIntegerField(blank=True, null=True, verbose_name='月工资')),
                ('entered_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                ('household', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.household', verbose_name='户')),
                ('pairing', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='records.pairing', verbose_name='结对关系')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.person', verbose_name='人员')),
            ],
            options={
                'verbose_name': '就业安置',
                'verbose_name_plural': '就业安置',
            },
        ),
        migrations.CreateModel(
            name='PlanTarget',
            fields=[
                ('entered_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='录入时间')),
                ('plan_target_id', models.BigAutoField(primary_key=True, serialize=False, verbose_name='编号')),
                ('year', models.BigIntegerField(verbose_name='年度')),
                ('item', models.CharField(verbose_name='目标')),
                ('target', models.BigIntegerField(verbose_name='目标值')),
                ('entered_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                ('pairing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.pairing', verbose_name='结对关系')),
            ],
            options={
                'verbose_name': '帮扶规划年度目标',
                'verbose_name_plural': '帮扶规划年度目标',
                'db_table': 'records_plan_target',
            },
        ),
        migrations.CreateModel(
            name='PovertyCounty',
            fields=[
                ('entered_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='录入时间')),
                ('poverty_county_id', models.BigAutoField(primary_key=True, serialize=False, verbose_name='编号')),
                ('county_code', models.CharField(blank=True, db_collation='C', max_length=12, null=True, validators=[django.core.validators.RegexValidator('^[0-9]{6}([0-9]{3}([0-9]{3})?)?$')], verbose_name='县代码')),
                ('county_code_2020', models.CharField(blank=True, db_collation='C', max_length=12, null=True, validators=[django.core.validators.RegexValidator('^[0-9]{6}([0-9]{3}([0-9]{3})?)?$')], verbose_name='县代码(2020)')),
                ('name', models.CharField(verbose_name='名称')),
                ('province_code', models.CharField(db_collation='C', max_length=12, validators=[django.core.validators.RegexValidator('^[0-9]{6}([0-9]{3}([0-9]{3})?)?$')], verbose_name='省代码')),
                ('delisted_year', models.BigIntegerField(verbose_name='摘帽年份')),
                ('entered_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
            ],
            options={
                'verbose_name': '贫困县',
                'verbose_name_plural': '贫困县',
                'db_table': 'records_poverty_county',
            },
        ),
        migrations.CreateModel(
            name='Project',
            fields=[
                ('entered_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='录入时间')),
                ('project_id', models.BigAutoField(primary_key=True, serialize=False, verbose_name='编号')),
                ('region_code', models.CharField(db_collation='C', max_length=12, validators=[django.core.validators.RegexValidator('^[0-9]{6}([0-9]{3}([0-9]{3})?)?$')], verbose_name='所在地')),
                ('kind', models.CharField(choices=[('base', '特色产业基地'), ('cooperative', '合作组织'), ('leading_firm', '龙头企业'), ('labour_intensive', '劳动密集型企业'), ('tourism', '文化旅游企业'), ('technology', '科技支持'), ('public_works', '基础设施和公共服务')], max_length=32, verbose_name='类型')),
                ('title', models.CharField(verbose_name='名称')),
                ('signed_on', models.DateField(verbose_name='签约或入库日期')),
                ('signed_fen', models.BigIntegerField(verbose_name='签约投资额')),
                ('arrived_fen', models.BigIntegerField(blank=True, null=True, verbose_name='到位投资额')),
                ('status', models.CharField(choices=[('planned', '已入库'), ('building', '在建'), ('done', '已完工'), ('accepted', '已验收')], max_length=32, verbose_name='状态')),
                ('goal', models.CharField(blank=True, null=True, verbose_name='绩效目标')),
                ('disclosed_on', models.DateField(blank=True, null=True, verbose_name='公示日期')),
                ('entered_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                ('firm', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='records.organisation', verbose_name='企业')),
                ('pairing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.pairing', verbose_name='结对关系')),
            ],
            options={
                'verbose_name': '项目',
                'verbose_name_plural': '项目',
            },
        ),
        migrations.CreateModel(
            name='LedgerLeg',
            fields=[
                ('entered_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='录入时间')),
                ('ledger_leg_id', models.BigAutoField(primary_key=True, serialize=False, verbose_name='编号')),
                ('region_code', models.CharField(db_collation='C', max_length=12, validators=[django.core.validators.RegexValidator('^[0-9]{6}([0-9]{3}([0-9]{3})?)?$')], verbose_name='所在地')),
                ('account', models.CharField(choices=[('donor_budget', '帮扶方预算'), ('recipient_treasury', '受援方财政专户'), ('project', '项目'), ('payee', '收款方')], max_length=32, verbose_name='账户')),
                ('amount_fen', models.BigIntegerField(verbose_name='金额')),
                ('budget_line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.budgetline', verbose_name='资金来源')),
                ('entered_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                ('household', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='records.household', verbose_name='到户')),
                ('ledger_entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.ledgerentry', verbose_name='流水')),
                ('project', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='records.project', verbose_name='项目')),
            ],
            options={
                'verbose_name': '资金分录',
                'verbose_name_plural': '资金分录',
                'db_table': 'records_ledger_leg',
            },
        ),
        migrations.CreateModel(
            name='BenefitLink',
            fields=[
                ('entered_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='录入时间')),
                ('benefit_link_id', models.BigAutoField(primary_key=True, serialize=False, verbose_name='编号')),
                ('region_code', models.CharField(db_collation='C', max_length=12, validators=[django.core.validators.RegexValidator('^[0-9]{6}([0-9]{3}([0-9]{3})?)?$')], verbose_name='户所在村')),
                ('mechanism', models.CharField(choices=[('job', '吸纳就业'), ('order', '订单收购'), ('dividend', '资产收益分红'), ('land_rent', '土地流转'), ('training', '技术带动')], max_length=32, verbose_name='联结方式')),
                ('since', models.DateField(verbose_name='起始日期')),
                ('amount_fen', models.BigIntegerField(blank=True, null=True, verbose_name='户年增收')),
                ('entered_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                ('household', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.household', verbose_name='户')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.project', verbose_name='项目')),
            ],
            options={
                'verbose_name': '利益联结',
                'verbose_name_plural': '利益联结',
                'db_table': 'records_benefit_link',
            },
        ),
        migrations.CreateModel(
            name='Region',
            fields=[
                ('region_id', models.BigAutoField(primary_key=True, serialize=False, verbose_name='编号')),
                ('code', models.CharField(db_collation='C', max_length=12, validators=[django.core.validators.RegexValidator('^[0-9]{6}([0-9]{3}([0-9]{3})?)?$')], verbose_name='代码')),
                ('level', models.CharField(verbose_name='级别')),
                ('kind', models.CharField(verbose_name='类别')),
                ('name', models.CharField(verbose_name='名称')),
                ('full_name', models.CharField(verbose_name='全称')),
                ('province_code', models.CharField(db_collation='C', max_length=12, validators=[django.core.validators.RegexValidator('^[0-9]{6}([0-9]{3}([0-9]{3})?)?$')], verbose_name='省代码')),
                ('prefecture_code', models.CharField(blank=True, db_collation='C', max_length=12, null=True, validators=[django.core.validators.RegexValidator('^[0-9]{6}([0-9]{3}([0-9]{3})?)?$')], verbose_name='地级代码')),
                ('first_year', models.BigIntegerField(verbose_name='启用年份')),
                ('last_year', models.BigIntegerField(blank=True, null=True, verbose_name='停用年份')),
                ('successors', models.JSONField(default=list, verbose_name='后继代码')),
            ],
            options={
                'verbose_name': '行政区划',
                'verbose_name_plural': '行政区划',
                'constraints': [models.CheckConstraint(condition=models.Q(('code__regex', '^[0-9]{6}([0-9]{3}([0-9]{3})?)?$')), name='region_code_digits'), models.CheckConstraint(condition=models.Q(('first_year__gte', 1900), ('first_year__lte', 2100)), name='region_first_year_year'), models.CheckConstraint(condition=models.Q(('last_year__isnull', True), ('last_year__gt', models.F('first_year')), _connector='OR'), name='region_last_year_order'), models.UniqueConstraint(fields=('code', 'first_year'), name='region_once')],
            },
        ),
        migrations.CreateModel(
            name='RoleGrant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('recipient_office', '被帮扶方扶贫办'), ('donor_office', '帮扶方协作办'), ('labour_bureau', '人社部门'), ('finance', '财政部门'), ('assessor', '考核组'), ('auditor', '审计部门'), ('discipline', '纪检监察'), ('administrator', '系统管理员'), ('public', '社会公众')], max_length=32, verbose_name='角色')),
                ('region_code', models.CharField(blank=True, db_collation='C', default='', max_length=12, verbose_name='区划')),
                ('valid', django.contrib.postgres.fields.ranges.DateRangeField(verbose_name='有效期')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='grants', to=settings.AUTH_USER_MODEL, verbose_name='用户')),
            ],
            options={
                'verbose_name': '授权',
                'verbose_name_plural': '授权',
                'db_table': 'records_role_grant',
            },
        ),
        migrations.CreateModel(
            name='Schooling',
            fields=[
                ('entered_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='录入时间')),
                ('schooling_id', models.BigAutoField(primary_key=True, serialize=False, verbose_name='编号')),
                ('region_code', models.CharField(db_collation='C', max_length=12, validators=[django.core.validators.RegexValidator('^[0-9]{6}([0-9]{3}([0-9]{3})?)?$')], verbose_name='户籍村')),
                ('enrolled_on', models.DateField(verbose_name='入学日期')),
                ('status', models.CharField(choices=[('enrolled', '在读'), ('graduated', '毕业'), ('employed', '就业'), ('left', '退学')], max_length=32, verbose_name='状态')),
                ('first_job_on', models.DateField(blank=True, null=True, verbose_name='首次就业日期')),
                ('entered_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                ('pairing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.pairing', verbose_name='结对关系')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.person', verbose_name='学生')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.organisation', verbose_name='学校')),
            ],
            options={
                'verbose_name': '职业教育',
                'verbose_name_plural': '职业教育',
            },
        ),
        migrations.CreateModel(
            name='Secondment',
            fields=[
                ('entered_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='录入时间')),
                ('secondment_id', models.BigAutoField(primary_key=True, serialize=False, verbose_name='编号')),
                ('direction', models.CharField(choices=[('donor_to_recipient', '东部到西部'), ('recipient_to_donor', '西部到东部')], max_length=32, verbose_name='方向')),
                ('kind', models.CharField(choices=[('official', '党政干部'), ('specialist', '专业技术人才')], max_length=32, verbose_name='类别')),
                ('field', models.CharField(choices=[('education', '教育'), ('health', '卫生'), ('technology', '科技'), ('culture', '文化'), ('social_work', '社会工作'), ('agriculture', '农业'), ('government', '党政管理')], max_length=32, verbose_name='领域')),
                ('region_code', models.CharField(db_collation='C', max_length=12, validators=[django.core.validators.RegexValidator('^[0-9]{6}([0-9]{3}([0-9]{3})?)?$')], verbose_name='挂职地')),
                ('home_region_code', models.CharField(db_collation='C', max_length=12, validators=[django.core.validators.RegexValidator('^[0-9]{6}([0-9]{3}([0-9]{3})?)?$')], verbose_name='派出地')),
                ('poverty_duty', models.BooleanField(verbose_name='主要精力用于脱贫攻坚')),
                ('started_on', models.DateField(verbose_name='开始日期')),
                ('planned_end_on', models.DateField(verbose_name='计划结束日期')),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='实际结束日期')),
                ('person_key', models.CharField(verbose_name='干部标识')),
                ('name', models.CharField(verbose_name='姓名')),
                ('entered_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                ('pairing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.pairing', verbose_name='结对关系')),
            ],
            options={
                'verbose_name': '挂职',
                'verbose_name_plural': '挂职',
            },
        ),
        migrations.CreateModel(
            name='Settlement',
            fields=[
                ('entered_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='录入时间')),
                ('settlement_id', models.BigAutoField(primary_key=True, serialize=False, verbose_name='编号')),
                ('region_code', models.CharField(db_collation='C', max_length=12, validators=[django.core.validators.RegexValidator('^[0-9]{6}([0-9]{3}([0-9]{3})?)?$')], verbose_name='户籍村')),
                ('city_code', models.CharField(db_collation='C', max_length=12, validators=[django.core.validators.RegexValidator('^[0-9]{6}([0-9]{3}([0-9]{3})?)?$')], verbose_name='落户城市')),
                ('eligible', models.BooleanField(verbose_name='符合条件')),
                ('applied_on', models.DateField(verbose_name='申请日期')),
                ('settled_on', models.DateField(blank=True, null=True, verbose_name='落户日期')),
                ('entered_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.person', verbose_name='人员')),
            ],
            options={
                'verbose_name': '落户',
                'verbose_name_plural': '落户',
            },
        ),
        migrations.CreateModel(
            name='StatusChange',
            fields=[
                ('entered_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='录入时间')),
                ('status_change_id', models.BigAutoField(primary_key=True, serialize=False, verbose_name='编号')),
                ('region_code', models.CharField(db_collation='C', max_length=12, validators=[django.core.validators.RegexValidator('^[0-9]{6}([0-9]{3}([0-9]{3})?)?$')], verbose_name='所在村')),
                ('kind', models.CharField(choices=[('enter', '新识别'), ('exit', '脱贫'), ('relapse', '返贫'), ('correction', '更正')], max_length=32, verbose_name='变动')),
                ('changed_on', models.DateField(verbose_name='日期')),
                ('reason', models.CharField(verbose_name='原因')),
                ('entered_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                ('household', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.household', verbose_name='户')),
            ],
            options={
                'verbose_name': '状态变动',
                'verbose_name_plural': '状态变动',
                'db_table': 'records_status_change',
            },
        ),
        migrations.CreateModel(
            name='StayCheck',
            fields=[
                ('entered_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='录入时间')),
                ('stay_check_id', models.BigAutoField(primary_key=True, serialize=False, verbose_name='编号')),
                ('region_code', models.CharField(db_collation='C', max_length=12, validators=[django.core.validators.RegexValidator('^[0-9]{6}([0-9]{3}([0-9]{3})?)?$')], verbose_name='户籍村')),
                ('month', models.DateField(verbose_name='月份')),
                ('evidence', models.CharField(choices=[('certificate', '务工证明'), ('contract', '劳动合同'), ('pay_flow', '工资流水'), ('insurance', '养老保险缴费'), ('phone', '电话核查')], max_length=32, verbose_name='佐证类型')),
                ('entered_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                ('placement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.placement', verbose_name='安置')),
            ],
            options={
                'verbose_name': '稳岗核查',
                'verbose_name_plural': '稳岗核查',
                'db_table': 'records_stay_check',
            },
        ),
        migrations.CreateModel(
            name='SupportTeam',
            fields=[
                ('entered_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='录入时间')),
                ('support_team_id', models.BigAutoField(primary_key=True, serialize=False, verbose_name='编号')),
                ('field', models.CharField(choices=[('education', '教育'), ('health', '卫生'), ('technology', '科技'), ('culture', '文化'), ('social_work', '社会工作'), ('agriculture', '农业'), ('government', '党政管理')], max_length=32, verbose_name='领域')),
                ('region_code', models.CharField(db_collation='C', max_length=12, validators=[django.core.validators.RegexValidator('^[0-9]{6}([0-9]{3}([0-9]{3})?)?$')], verbose_name='服务地')),
                ('started_on', models.DateField(verbose_name='开始日期')),
                ('persons', models.BigIntegerField(verbose_name='人数')),
                ('person_times', models.BigIntegerField(verbose_name='人次')),
                ('entered_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                ('pairing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.pairing', verbose_name='结对关系')),
            ],
            options={
                'verbose_name': '组团式帮扶',
                'verbose_name_plural': '组团式帮扶',
                'db_table': 'records_support_team',
            },
        ),
        migrations.CreateModel(
            name='Task',
            fields=[
                ('entered_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='录入时间')),
                ('task_id', models.BigAutoField(primary_key=True, serialize=False, verbose_name='编号')),
                ('owner_code', models.CharField(db_collation='C', max_length=12, validators=[django.core.validators.RegexValidator('^[0-9]{6}([0-9]{3}([0-9]{3})?)?$')], verbose_name='责任方')),
                ('title', models.CharField(verbose_name='事项')),
                ('due_on', models.DateField(verbose_name='期限')),
                ('done_on', models.DateField(blank=True, null=True, verbose_name='完成日期')),
                ('entered_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.meeting', verbose_name='会议')),
            ],
            options={
                'verbose_name': '议定事项',
                'verbose_name_plural': '议定事项',
            },
        ),
        migrations.CreateModel(
            name='Training',
            fields=[
                ('entered_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='录入时间')),
                ('training_id', models.BigAutoField(primary_key=True, serialize=False, verbose_name='编号')),
                ('kind', models.CharField(choices=[('official', '党政干部培训'), ('grass_roots', '基层干部培训'), ('leader', '创业致富带头人培训'), ('specialist', '专业技术人才培训')], max_length=32, verbose_name='类别')),
                ('region_code', models.CharField(db_collation='C', max_length=12, validators=[django.core.validators.RegexValidator('^[0-9]{6}([0-9]{3}([0-9]{3})?)?$')], verbose_name='学员所在地')),
                ('held_on', models.DateField(verbose_name='举办日期')),
                ('persons', models.BigIntegerField(verbose_name='人数')),
                ('started_business', models.BigIntegerField(blank=True, null=True, verbose_name='创业成功人数')),
                ('entered_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                ('pairing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.pairing', verbose_name='结对关系')),
            ],
            options={
                'verbose_name': '培训',
                'verbose_name_plural': '培训',
            },
        ),
        migrations.CreateModel(
            name='Vacancy',
            fields=[
                ('entered_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='录入时间')),
                ('vacancy_id', models.BigAutoField(primary_key=True, serialize=False, verbose_name='编号')),
                ('region_code', models.CharField(db_collation='C', max_length=12, validators=[django.core.validators.RegexValidator('^[0-9]{6}([0-9]{3}([0-9]{3})?)?$')], verbose_name='工作地')),
                ('occupation', models.CharField(verbose_name='职业')),
                ('title', models.CharField(verbose_name='岗位名称')),
                ('seats', models.BigIntegerField(verbose_name='人数')),
                ('monthly_wage_fen', models.BigIntegerField(verbose_name='月工资')),
                ('skill', models.CharField(choices=[('none', '无'), ('basic', '初级工'), ('middle', '中级工'), ('senior', '高级工')], max_length=32, verbose_name='技能要求')),
                ('dormitory', models.BooleanField(verbose_name='提供宿舍')),
                ('season', models.CharField(choices=[('all_year', '常年'), ('off_season', '农闲季节'), ('harvest', '农忙季节')], max_length=32, verbose_name='用工季节')),
                ('open_from', models.DateField(verbose_name='招聘开始')),
                ('open_to', models.DateField(verbose_name='招聘截止')),
                ('entered_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.organisation', verbose_name='用人单位')),
            ],
            options={
                'verbose_name': '岗位',
                'verbose_name_plural': '岗位',
            },
        ),
        migrations.AddField(
            model_name='placement',
            name='vacancy',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='records.vacancy', verbose_name='岗位'),
        ),
        migrations.CreateModel(
            name='VillagePair',
            fields=[
                ('entered_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='录入时间')),
                ('village_pair_id', models.BigAutoField(primary_key=True, serialize=False, verbose_name='编号')),
                ('region_code', models.CharField(db_collation='C', max_length=12, validators=[django.core.validators.RegexValidator('^[0-9]{6}([0-9]{3}([0-9]{3})?)?$')], verbose_name='村')),
                ('since', models.DateField(verbose_name='结对日期')),
                ('promised_fen', models.BigIntegerField(blank=True, null=True, verbose_name='承诺投入')),
                ('done_fen', models.BigIntegerField(blank=True, null=True, verbose_name='实际投入')),
                ('entered_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.organisation', verbose_name='企业')),
            ],
            options={
                'verbose_name': '万企帮万村',
                'verbose_name_plural': '万企帮万村',
                'db_table': 'records_village_pair',
            },
        ),
        migrations.CreateModel(
            name='Visit',
            fields=[
                ('entered_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='录入时间')),
                ('visit_id', models.BigAutoField(primary_key=True, serialize=False, verbose_name='编号')),
                ('direction', models.CharField(choices=[('donor_to_recipient', '东部赴西部'), ('recipient_to_donor', '西部赴东部')], max_length=32, verbose_name='方向')),
                ('rank', models.CharField(choices=[('principal', '党政主要负责同志'), ('deputy', '党政负责同志'), ('department', '部门负责同志')], max_length=32, verbose_name='层级')),
                ('visited_on', models.DateField(verbose_name='日期')),
                ('persons', models.BigIntegerField(verbose_name='人数')),
                ('entered_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                ('pairing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.pairing', verbose_name='结对关系')),
            ],
            options={
                'verbose_name': '互访',
                'verbose_name_plural': '互访',
            },
        ),
        migrations.CreateModel(
            name='Worker',
            fields=[
                ('entered_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='录入时间')),
                ('worker_id', models.BigAutoField(primary_key=True, serialize=False, verbose_name='编号')),
                ('region_code', models.CharField(db_collation='C', max_length=12, validators=[django.core.validators.RegexValidator('^[0-9]{6}([0-9]{3}([0-9]{3})?)?$')], verbose_name='所在村')),
                ('work_status', models.CharField(choices=[('unemployed', '未就业'), ('away_east', '东部务工'), ('away_other', '省外其他地区务工'), ('near', '就近就业'), ('farming', '务农')], max_length=32, verbose_name='就业状态')),
                ('willing', models.BooleanField(verbose_name='有就业意愿')),
                ('able', models.BooleanField(verbose_name='有就业能力')),
                ('occupation', models.CharField(blank=True, null=True, verbose_name='意向职业')),
                ('skill', models.CharField(choices=[('none', '无'), ('basic', '初级工'), ('middle', '中级工'), ('senior', '高级工')], max_length=32, verbose_name='技能等级')),
                ('min_wage_fen', models.BigIntegerField(blank=True, null=True, verbose_name='期望月工资')),
                ('max_distance_km', models.BigIntegerField(blank=True, null=True, verbose_name='最远距离')),
                ('dependants', models.BigIntegerField(verbose_name='需照料人数')),
                ('season', models.CharField(choices=[('all_year', '常年'), ('off_season', '农闲季节'), ('harvest', '农忙季节')], max_length=32, verbose_name='可务工季节')),
                ('needs_dormitory', models.BooleanField(verbose_name='需要宿舍')),
                ('registered_on', models.DateField(verbose_name='登记日期')),
                ('entered_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                ('household', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.household', verbose_name='户')),
                ('partner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='records.worker', verbose_name='配偶劳动力')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.person', verbose_name='人员')),
            ],
            options={
                'verbose_name': '劳动力',
                'verbose_name_plural': '劳动力',
            },
        ),
        migrations.CreateModel(
            name='FiscalRevenue',
            fields=[
                ('entered_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='录入时间')),
                ('fiscal_revenue_id', models.BigAutoField(primary_key=True, serialize=False, verbose_name='编号')),
                ('province_code', models.CharField(db_collation='C', max_length=12, validators=[django.core.validators.RegexValidator('^[0-9]{6}([0-9]{3}([0-9]{3})?)?$')], verbose_name='省')),
                ('year', models.BigIntegerField(verbose_name='年度')),
                ('revenue_fen', models.BigIntegerField(verbose_name='一般公共预算收入')),
                ('source', models.CharField(verbose_name='来源')),
                ('entered_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
            ],
            options={
                'verbose_name': '财力',
                'verbose_name_plural': '财力',
                'db_table': 'records_fiscal_revenue',
                'constraints': [models.CheckConstraint(condition=models.Q(('province_code__regex', '^[0-9]{6}$')), name='fiscal_revenue_province_code_digits'), models.CheckConstraint(condition=models.Q(('year__gte', 1900), ('year__lte', 2100)), name='fiscal_revenue_year_year'), models.CheckConstraint(condition=models.Q(('revenue_fen__isnull', True), ('revenue_fen__gte', 0), _connector='OR'), name='fiscal_revenue_revenue_fen_sign'), models.UniqueConstraint(fields=('province_code', 'year'), name='fiscal_revenue_once')],
            },
        ),
        migrations.AddIndex(
            model_name='household',
            index=models.Index(fields=['region_code'], name='household_region'),
        ),
        migrations.AddConstraint(
            model_name='household',
            constraint=models.CheckConstraint(condition=models.Q(('region_code__regex', '^[0-9]{12}$')), name='household_region_code_digits'),
        ),
        migrations.AddConstraint(
            model_name='household',
            constraint=models.CheckConstraint(condition=models.Q(('cause__in', ['illness', 'disability', 'schooling', 'disaster', 'land', 'water', 'skill', 'labour', 'funds', 'transport', 'motivation'])), name='household_cause_listed'),
        ),
        migrations.AddIndex(
            model_name='householdyear',
            index=models.Index(fields=['region_code'], name='household_year_region'),
        ),
        migrations.AddConstraint(
            model_name='householdyear',
            constraint=models.CheckConstraint(condition=models.Q(('region_code__regex', '^[0-9]{12}$')), name='household_year_region_code_digits'),
        ),
        migrations.AddConstraint(
            model_name='householdyear',
            constraint=models.CheckConstraint(condition=models.Q(('year__gte', 1900), ('year__lte', 2100)), name='household_year_year_year'),
        ),
        migrations.AddConstraint(
            model_name='householdyear',
            constraint=models.CheckConstraint(condition=models.Q(('members__isnull', True), ('members__gte', 0), _connector='OR'), name='household_year_members_sign'),
        ),
        migrations.AddConstraint(
            model_name='householdyear',
            constraint=models.UniqueConstraint(fields=('household', 'year'), name='household_year_once'),
        ),
        migrations.AddConstraint(
            model_name='householdyear',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['poor', 'exited', 'relapsed'])), name='household_year_status_listed'),
        ),
        migrations.AddIndex(
            model_name='organisation',
            index=models.Index(fields=['region_code'], name='organisation_region'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('region_code__regex', '^[0-9]{6}([0-9]{3}([0-9]{3})?)?$')), name='organisation_region_code_digits'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.UniqueConstraint(fields=('credit_code',), name='organisation_credit_code_once'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['firm', 'social', 'school', 'hospital', 'government', 'person'])), name='organisation_kind_listed'),
        ),
        migrations.AddConstraint(
            model_name='pairing',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.F('donor_code'), '='), (models.F('recipient_code'), '='), (models.F('scheme'), '='), (jiedui.records.models.pairing.Validity('valid_from', 'valid_to'), '&&')], name='pairing_no_overlap'),
        ),
        migrations.AddConstraint(
            model_name='pairing',
            constraint=models.CheckConstraint(condition=models.Q(('donor_code__regex', '^[0-9]{6}$')), name='pairing_donor_code_digits'),
        ),
        migrations.AddConstraint(
            model_name='pairing',
            constraint=models.CheckConstraint(condition=models.Q(('recipient_code__regex', '^[0-9]{6}$')), name='pairing_recipient_code_digits'),
        ),
        migrations.AddConstraint(
            model_name='pairing',
            constraint=models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='pairing_valid_to_order'),
        ),
        migrations.AddConstraint(
            model_name='pairing',
            constraint=models.CheckConstraint(condition=models.Q(('level__in', ['province_to_province', 'province_to_city', 'city_to_city', 'county_to_county'])), name='pairing_level_listed'),
        ),
        migrations.AddConstraint(
            model_name='pairing',
            constraint=models.CheckConstraint(condition=models.Q(('scheme__in', ['east_west', 'counterpart', 'jing_jin_ji', 'own_province'])), name='pairing_scheme_listed'),
        ),
        migrations.AddConstraint(
            model_name='meeting',
            constraint=models.CheckConstraint(condition=models.Q(('rank__in', ['principal', 'deputy', 'department'])), name='meeting_rank_listed'),
        ),
        migrations.AddConstraint(
            model_name='ledgerentry',
            constraint=models.CheckConstraint(condition=models.Q(('step__in', ['agreement', 'budget', 'transfer', 'allocate', 'payment'])), name='ledger_entry_step_listed'),
        ),
        migrations.AddIndex(
            model_name='donation',
            index=models.Index(fields=['region_code'], name='donation_region'),
        ),
        migrations.AddConstraint(
            model_name='donation',
            constraint=models.CheckConstraint(condition=models.Q(('region_code__regex', '^[0-9]{6}([0-9]{3}([0-9]{3})?)?$')), name='donation_region_code_digits'),
        ),
        migrations.AddConstraint(
            model_name='donation',
            constraint=models.CheckConstraint(condition=models.Q(('money_fen__isnull', True), ('money_fen__gte', 0), _connector='OR'), name='donation_money_fen_sign'),
        ),
        migrations.AddConstraint(
            model_name='donation',
            constraint=models.CheckConstraint(condition=models.Q(('goods_fen__isnull', True), ('goods_fen__gte', 0), _connector='OR'), name='donation_goods_fen_sign'),
        ),
        migrations.AddConstraint(
            model_name='donation',
            constraint=models.CheckConstraint(condition=models.Q(('purpose__in', ['schooling', 'medical', 'industry', 'housing', 'other'])), name='donation_purpose_listed'),
        ),
        migrations.AddIndex(
            model_name='dispatchtrip',
            index=models.Index(fields=['region_code'], name='dispatch_trip_region'),
        ),
        migrations.AddConstraint(
            model_name='dispatchtrip',
            constraint=models.CheckConstraint(condition=models.Q(('region_code__regex', '^[0-9]{6}([0-9]{3}([0-9]{3})?)?$')), name='dispatch_trip_region_code_digits'),
        ),
        migrations.AddConstraint(
            model_name='dispatchtrip',
            constraint=models.CheckConstraint(condition=models.Q(('work_region_code__regex', '^[0-9]{6}([0-9]{3}([0-9]{3})?)?$')), name='dispatch_trip_work_region_code_digits'),
        ),
        migrations.AddConstraint(
            model_name='dispatchtrip',
            constraint=models.CheckConstraint(condition=models.Q(('persons__isnull', True), ('persons__gte', 0), _connector='OR'), name='dispatch_trip_persons_sign'),
        ),
        migrations.AddConstraint(
            model_name='dispatchtrip',
            constraint=models.CheckConstraint(condition=models.Q(('transport_fen__isnull', True), ('transport_fen__gte', 0), _connector='OR'), name='dispatch_trip_transport_fen_sign'),
        ),
        migrations.AddConstraint(
            model_name='budgetline',
            constraint=models.CheckConstraint(condition=models.Q(('donor_code__regex', '^[0-9]{6}$')), name='budget_line_donor_code_digits'),
        ),
        migrations.AddConstraint(
            model_name='budgetline',
            constraint=models.CheckConstraint(condition=models.Q(('year__gte', 1900), ('year__lte', 2100)), name='budget_line_year_year'),
        ),
        migrations.AddConstraint(
            model_name='budgetline',
            constraint=models.CheckConstraint(condition=models.Q(('amount_fen__isnull', True), ('amount_fen__gte', 0), _connector='OR'), name='budget_line_amount_fen_sign'),
        ),
        migrations.AddIndex(
            model_name='person',
            index=models.Index(fields=['region_code'], name='person_region'),
        ),
        migrations.AddConstraint(
            model_name='person',
            constraint=models.CheckConstraint(condition=models.Q(('region_code__regex', '^[0-9]{12}$')), name='person_region_code_digits'),
        ),
        migrations.AddConstraint(
            model_name='person',
            constraint=models.CheckConstraint(condition=models.Q(('birth_year__gte', 1900), ('birth_year__lte', 2100)), name='person_birth_year_year'),
        ),
        migrations.AddConstraint(
            model_name='person',
            constraint=models.CheckConstraint(condition=models.Q(('left_on__isnull', True), ('left_on__gte', models.F('joined_on')), _connector='OR'), name='person_left_on_order'),
        ),
        migrations.AddConstraint(
            model_name='person',
            constraint=models.UniqueConstraint(fields=('id_number_index',), name='person_id_number_once'),
        ),
        migrations.AddConstraint(
            model_name='person',
            constraint=models.UniqueConstraint(fields=('pseudonym',), name='person_pseudonym_once'),
        ),
        migrations.AddConstraint(
            model_name='person',
            constraint=models.CheckConstraint(condition=models.Q(('sex__in', ['female', 'male'])), name='person_sex_listed'),
        ),
        migrations.AddConstraint(
            model_name='person',
            constraint=models.CheckConstraint(condition=models.Q(('relation__in', ['head', 'spouse', 'child', 'child_in_law', 'grandchild', 'parent', 'sibling', 'other'])), name='person_relation_listed'),
        ),
        migrations.AddConstraint(
            model_name='person',
            constraint=models.CheckConstraint(condition=models.Q(('education__in', ['none', 'primary', 'junior', 'senior', 'vocational', 'college'])), name='person_education_listed'),
        ),
        migrations.AddConstraint(
            model_name='person',
            constraint=models.CheckConstraint(condition=models.Q(('health__in', ['healthy', 'chronic', 'serious', 'disabled'])), name='person_health_listed'),
        ),
        migrations.AddConstraint(
            model_name='person',
            constraint=models.CheckConstraint(condition=models.Q(('labour_ability__in', ['none', 'weak', 'ordinary', 'skilled'])), name='person_labour_ability_listed'),
        ),
        migrations.AddConstraint(
            model_name='plantarget',
            constraint=models.CheckConstraint(condition=models.Q(('year__gte', 1900), ('year__lte', 2100)), name='plan_target_year_year'),
        ),
        migrations.AddConstraint(
            model_name='plantarget',
            constraint=models.CheckConstraint(condition=models.Q(('target__isnull', True), ('target__gte', 0), _connector='OR'), name='plan_target_target_sign'),
        ),
        migrations.AddConstraint(
            model_name='povertycounty',
            constraint=models.CheckConstraint(condition=models.Q(('county_code__regex', '^[0-9]{6}$')), name='poverty_county_county_code_digits'),
        ),
        migrations.AddConstraint(
            model_name='povertycounty',
            constraint=models.CheckConstraint(condition=models.Q(('county_code_2020__regex', '^[0-9]{6}$')), name='poverty_county_county_code_2020_digits'),
        ),
        migrations.AddConstraint(
            model_name='povertycounty',
            constraint=models.CheckConstraint(condition=models.Q(('province_code__regex', '^[0-9]{6}$')), name='poverty_county_province_code_digits'),
        ),
        migrations.AddConstraint(
            model_name='povertycounty',
            constraint=models.CheckConstraint(condition=models.Q(('delisted_year__gte', 1900), ('delisted_year__lte', 2100)), name='poverty_county_delisted_year_year'),
        ),
        migrations.AddConstraint(
            model_name='povertycounty',
            constraint=models.UniqueConstraint(fields=('province_code', 'name', 'county_code_2020'), name='poverty_county_once', nulls_distinct=False),
        ),
        migrations.AddIndex(
            model_name='project',
            index=models.Index(fields=['region_code'], name='project_region'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('region_code__regex', '^[0-9]{6}([0-9]{3}([0-9]{3})?)?$')), name='project_region_code_digits'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('signed_fen__isnull', True), ('signed_fen__gte', 0), _connector='OR'), name='project_signed_fen_sign'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('arrived_fen__isnull', True), ('arrived_fen__gte', 0), _connector='OR'), name='project_arrived_fen_sign'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['base', 'cooperative', 'leading_firm', 'labour_intensive', 'tourism', 'technology', 'public_works'])), name='project_kind_listed'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['planned', 'building', 'done', 'accepted'])), name='project_status_listed'),
        ),
        migrations.AddIndex(
            model_name='ledgerleg',
            index=models.Index(fields=['region_code'], name='ledger_leg_region'),
        ),
        migrations.AddConstraint(
            model_name='ledgerleg',
            constraint=models.CheckConstraint(condition=models.Q(('region_code__regex', '^[0-9]{6}([0-9]{3}([0-9]{3})?)?$')), name='ledger_leg_region_code_digits'),
        ),
        migrations.AddConstraint(
            model_name='ledgerleg',
            constraint=models.CheckConstraint(condition=models.Q(('account__in', ['donor_budget', 'recipient_treasury', 'project', 'payee'])), name='ledger_leg_account_listed'),
        ),
        migrations.AddIndex(
            model_name='benefitlink',
            index=models.Index(fields=['region_code'], name='benefit_link_region'),
        ),
        migrations.AddConstraint(
            model_name='benefitlink',
            constraint=models.CheckConstraint(condition=models.Q(('region_code__regex', '^[0-9]{12}$')), name='benefit_link_region_code_digits'),
        ),
        migrations.AddConstraint(
            model_name='benefitlink',
            constraint=models.CheckConstraint(condition=models.Q(('amount_fen__isnull', True), ('amount_fen__gte', 0), _connector='OR'), name='benefit_link_amount_fen_sign'),
        ),
        migrations.AddConstraint(
            model_name='benefitlink',
            constraint=models.CheckConstraint(condition=models.Q(('mechanism__in', ['job', 'order', 'dividend', 'land_rent', 'training'])), name='benefit_link_mechanism_listed'),
        ),
        migrations.AddConstraint(
            model_name='rolegrant',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['recipient_office', 'donor_office', 'labour_bureau', 'finance', 'assessor', 'auditor', 'discipline', 'administrator', 'public'])), name='role_grant_role_listed'),
        ),
        migrations.AddConstraint(
            model_name='rolegrant',
            constraint=models.CheckConstraint(condition=models.Q(('region_code__regex', '^[0-9]{6}([0-9]{3}([0-9]{3})?)?$'), ('region_code', ''), _connector='OR'), name='role_grant_region_code_digits'),
        ),
        migrations.AddConstraint(
            model_name='rolegrant',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('region_code', ''), _negated=True), ('role__in', ('assessor', 'auditor', 'administrator', 'public')), _connector='OR'), name='role_grant_region_needed'),
        ),
        migrations.AddConstraint(
            model_name='rolegrant',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.F('user'), '='), (models.F('role'), '='), (models.F('region_code'), '='), (models.F('valid'), '&&')], name='role_grant_no_overlap'),
        ),
        migrations.AddIndex(
            model_name='schooling',
            index=models.Index(fields=['region_code'], name='schooling_region'),
        ),
        migrations.AddConstraint(
            model_name='schooling',
            constraint=models.CheckConstraint(condition=models.Q(('region_code__regex', '^[0-9]{12}$')), name='schooling_region_code_digits'),
        ),
        migrations.AddConstraint(
            model_name='schooling',
            constraint=models.CheckConstraint(condition=models.Q(('first_job_on__isnull', True), ('first_job_on__gte', models.F('enrolled_on')), _connector='OR'), name='schooling_first_job_on_order'),
        ),
        migrations.AddConstraint(
            model_name='schooling',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['enrolled', 'graduated', 'employed', 'left'])), name='schooling_status_listed'),
        ),
        migrations.AddIndex(
            model_name='secondment',
            index=models.Index(fields=['region_code'], name='secondment_region'),
        ),
        migrations.AddConstraint(
            model_name='secondment',
            constraint=models.CheckConstraint(condition=models.Q(('region_code__regex', '^[0-9]{6}([0-9]{3}([0-9]{3})?)?$')), name='secondment_region_code_digits'),
        ),
        migrations.AddConstraint(
            model_name='secondment',
            constraint=models.CheckConstraint(condition=models.Q(('home_region_code__regex', '^[0-9]{6}([0-9]{3}([0-9]{3})?)?$')), name='secondment_home_region_code_digits'),
        ),
        migrations.AddConstraint(
            model_name='secondment',
            constraint=models.CheckConstraint(condition=models.Q(('planned_end_on__isnull', True), ('planned_end_on__gte', models.F('started_on')), _connector='OR'), name='secondment_planned_end_on_order'),
        ),
        migrations.AddConstraint(
            model_name='secondment',
            constraint=models.CheckConstraint(condition=models.Q(('ended_on__isnull', True), ('ended_on__gte', models.F('started_on')), _connector='OR'), name='secondment_ended_on_order'),
        ),
        migrations.AddConstraint(
            model_name='secondment',
            constraint=models.CheckConstraint(condition=models.Q(('direction__in', ['donor_to_recipient', 'recipient_to_donor'])), name='secondment_direction_listed'),
        ),
        migrations.AddConstraint(
            model_name='secondment',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['official', 'specialist'])), name='secondment_kind_listed'),
        ),
        migrations.AddConstraint(
            model_name='secondment',
            constraint=models.CheckConstraint(condition=models.Q(('field__in', ['education', 'health', 'technology', 'culture', 'social_work', 'agriculture', 'government'])), name='secondment_field_listed'),
        ),
        migrations.AddIndex(
            model_name='settlement',
            index=models.Index(fields=['region_code'], name='settlement_region'),
        ),
        migrations.AddConstraint(
            model_name='settlement',
            constraint=models.CheckConstraint(condition=models.Q(('region_code__regex', '^[0-9]{12}$')), name='settlement_region_code_digits'),
        ),
        migrations.AddConstraint(
            model_name='settlement',
            constraint=models.CheckConstraint(condition=models.Q(('city_code__regex', '^[0-9]{6}$')), name='settlement_city_code_digits'),
        ),
        migrations.AddConstraint(
            model_name='settlement',
            constraint=models.CheckConstraint(condition=models.Q(('settled_on__isnull', True), ('settled_on__gte', models.F('applied_on')), _connector='OR'), name='settlement_settled_on_order'),
        ),
        migrations.AddIndex(
            model_name='statuschange',
            index=models.Index(fields=['region_code'], name='status_change_region'),
        ),
        migrations.AddConstraint(
            model_name='statuschange',
            constraint=models.CheckConstraint(condition=models.Q(('region_code__regex', '^[0-9]{12}$')), name='status_change_region_code_digits'),
        ),
        migrations.AddConstraint(
            model_name='statuschange',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['enter', 'exit', 'relapse', 'correction'])), name='status_change_kind_listed'),
        ),
        migrations.AddIndex(
            model_name='staycheck',
            index=models.Index(fields=['region_code'], name='stay_check_region'),
        ),
        migrations.AddConstraint(
            model_name='staycheck',
            constraint=models.CheckConstraint(condition=models.Q(('region_code__regex', '^[0-9]{12}$')), name='stay_check_region_code_digits'),
        ),
        migrations.AddConstraint(
            model_name='staycheck',
            constraint=models.CheckConstraint(condition=models.Q(('month__day', 1)), name='stay_check_month_first_day'),
        ),
        migrations.AddConstraint(
            model_name='staycheck',
            constraint=models.UniqueConstraint(fields=('placement', 'month', 'evidence'), name='stay_check_once'),
        ),
        migrations.AddConstraint(
            model_name='staycheck',
            constraint=models.CheckConstraint(condition=models.Q(('evidence__in', ['certificate', 'contract', 'pay_flow', 'insurance', 'phone'])), name='stay_check_evidence_listed'),
        ),
        migrations.AddIndex(
            model_name='supportteam',
            index=models.Index(fields=['region_code'], name='support_team_region'),
        ),
        migrations.AddConstraint(
            model_name='supportteam',
            constraint=models.CheckConstraint(condition=models.Q(('region_code__regex', '^[0-9]{6}([0-9]{3}([0-9]{3})?)?$')), name='support_team_region_code_digits'),
        ),
        migrations.AddConstraint(
            model_name='supportteam',
            constraint=models.CheckConstraint(condition=models.Q(('persons__isnull', True), ('persons__gte', 0), _connector='OR'), name='support_team_persons_sign'),
        ),
        migrations.AddConstraint(
            model_name='supportteam',
            constraint=models.CheckConstraint(condition=models.Q(('person_times__isnull', True), ('person_times__gte', 0), _connector='OR'), name='support_team_person_times_sign'),
        ),
        migrations.AddConstraint(
            model_name='supportteam',
            constraint=models.CheckConstraint(condition=models.Q(('field__in', ['education', 'health', 'technology', 'culture', 'social_work', 'agriculture', 'government'])), name='support_team_field_listed'),
        ),
        migrations.AddConstraint(
            model_name='task',
            constraint=models.CheckConstraint(condition=models.Q(('owner_code__regex', '^[0-9]{6}([0-9]{3}([0-9]{3})?)?$')), name='task_owner_code_digits'),
        ),
        migrations.AddIndex(
            model_name='training',
            index=models.Index(fields=['region_code'], name='training_region'),
        ),
        migrations.AddConstraint(
            model_name='training',
            constraint=models.CheckConstraint(condition=models.Q(('region_code__regex', '^[0-9]{6}([0-9]{3}([0-9]{3})?)?$')), name='training_region_code_digits'),
        ),
        migrations.AddConstraint(
            model_name='training',
            constraint=models.CheckConstraint(condition=models.Q(('persons__isnull', True), ('persons__gte', 0), _connector='OR'), name='training_persons_sign'),
        ),
        migrations.AddConstraint(
            model_name='training',
            constraint=models.CheckConstraint(condition=models.Q(('started_business__isnull', True), ('started_business__gte', 0), _connector='OR'), name='training_started_business_sign'),
        ),
        migrations.AddConstraint(
            model_name='training',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['official', 'grass_roots', 'leader', 'specialist'])), name='training_kind_listed'),
        ),
        migrations.AddIndex(
            model_name='vacancy',
            index=models.Index(fields=['region_code'], name='vacancy_region'),
        ),
        migrations.AddConstraint(
            model_name='vacancy',
            constraint=models.CheckConstraint(condition=models.Q(('region_code__regex', '^[0-9]{6}$')), name='vacancy_region_code_digits'),
        ),
        migrations.AddConstraint(
            model_name='vacancy',
            constraint=models.CheckConstraint(condition=models.Q(('seats__isnull', True), ('seats__gte', 0), _connector='OR'), name='vacancy_seats_sign'),
        ),
        migrations.AddConstraint(
            model_name='vacancy',
            constraint=models.CheckConstraint(condition=models.Q(('monthly_wage_fen__isnull', True), ('monthly_wage_fen__gte', 0), _connector='OR'), name='vacancy_monthly_wage_fen_sign'),
        ),
        migrations.AddConstraint(
            model_name='vacancy',
            constraint=models.CheckConstraint(condition=models.Q(('open_to__isnull', True), ('open_to__gte', models.F('open_from')), _connector='OR'), name='vacancy_open_to_order'),
        ),
        migrations.AddConstraint(
            model_name='vacancy',
            constraint=models.CheckConstraint(condition=models.Q(('skill__in', ['none', 'basic', 'middle', 'senior'])), name='vacancy_skill_listed'),
        ),
        migrations.AddConstraint(
            model_name='vacancy',
            constraint=models.CheckConstraint(condition=models.Q(('season__in', ['all_year', 'off_season', 'harvest'])), name='vacancy_season_listed'),
        ),
        migrations.AddIndex(
            model_name='placement',
            index=models.Index(fields=['region_code'], name='placement_region'),
        ),
        migrations.AddConstraint(
            model_name='placement',
            constraint=models.CheckConstraint(condition=models.Q(('region_code__regex', '^[0-9]{12}$')), name='placement_region_code_digits'),
        ),
        migrations.AddConstraint(
            model_name='placement',
            constraint=models.CheckConstraint(condition=models.Q(('work_region_code__regex', '^[0-9]{6}([0-9]{3}([0-9]{3})?)?$')), name='placement_work_region_code_digits'),
        ),
        migrations.AddConstraint(
            model_name='placement',
            constraint=models.CheckConstraint(condition=models.Q(('ended_on__isnull', True), ('ended_on__gte', models.F('started_on')), _connector='OR'), name='placement_ended_on_order'),
        ),
        migrations.AddConstraint(
            model_name='placement',
            constraint=models.CheckConstraint(condition=models.Q(('monthly_wage_fen__isnull', True), ('monthly_wage_fen__gte', 0), _connector='OR'), name='placement_monthly_wage_fen_sign'),
        ),
        migrations.AddConstraint(
            model_name='placement',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['east', 'near', 'other'])), name='placement_kind_listed'),
        ),
        migrations.AddIndex(
            model_name='villagepair',
            index=models.Index(fields=['region_code'], name='village_pair_region'),
        ),
        migrations.AddConstraint(
            model_name='villagepair',
            constraint=models.CheckConstraint(condition=models.Q(('region_code__regex', '^[0-9]{12}$')), name='village_pair_region_code_digits'),
        ),
        migrations.AddConstraint(
            model_name='villagepair',
            constraint=models.CheckConstraint(condition=models.Q(('promised_fen__isnull', True), ('promised_fen__gte', 0), _connector='OR'), name='village_pair_promised_fen_sign'),
        ),
        migrations.AddConstraint(
            model_name='villagepair',
            constraint=models.CheckConstraint(condition=models.Q(('done_fen__isnull', True), ('done_fen__gte', 0), _connector='OR'), name='village_pair_done_fen_sign'),
        ),
        migrations.AddConstraint(
            model_name='visit',
            constraint=models.CheckConstraint(condition=models.Q(('persons__isnull', True), ('persons__gte', 0), _connector='OR'), name='visit_persons_sign'),
        ),
        migrations.AddConstraint(
            model_name='visit',
            constraint=models.CheckConstraint(condition=models.Q(('direction__in', ['donor_to_recipient', 'recipient_to_donor'])), name='visit_direction_listed'),
        ),
        migrations.AddConstraint(
            model_name='visit',
            constraint=models.CheckConstraint(condition=models.Q(('rank__in', ['principal', 'deputy', 'department'])), name='visit_rank_listed'),
        ),
        migrations.AddIndex(
            model_name='worker',
            index=models.Index(fields=['region_code'], name='worker_region'),
        ),
        migrations.AddConstraint(
            model_name='worker',
            constraint=models.CheckConstraint(condition=models.Q(('region_code__regex', '^[0-9]{12}$')), name='worker_region_code_digits'),
        ),
        migrations.AddConstraint(
            model_name='worker',
            constraint=models.CheckConstraint(condition=models.Q(('min_wage_fen__isnull', True), ('min_wage_fen__gte', 0), _connector='OR'), name='worker_min_wage_fen_sign'),
        ),
        migrations.AddConstraint(
            model_name='worker',
            constraint=models.CheckConstraint(condition=models.Q(('max_distance_km__isnull', True), ('max_distance_km__gte', 0), _connector='OR'), name='worker_max_distance_km_sign'),
        ),
        migrations.AddConstraint(
            model_name='worker',
            constraint=models.CheckConstraint(condition=models.Q(('dependants__isnull', True), ('dependants__gte', 0), _connector='OR'), name='worker_dependants_sign'),
        ),
        migrations.AddConstraint(
            model_name='worker',
            constraint=models.CheckConstraint(condition=models.Q(('work_status__in', ['unemployed', 'away_east', 'away_other', 'near', 'farming'])), name='worker_work_status_listed'),
        ),
        migrations.AddConstraint(
            model_name='worker',
            constraint=models.CheckConstraint(condition=models.Q(('skill__in', ['none', 'basic', 'middle', 'senior'])), name='worker_skill_listed'),
        ),
        migrations.AddConstraint(
            model_name='worker',
            constraint=models.CheckConstraint(condition=models.Q(('season__in', ['all_year', 'off_season', 'harvest'])), name='worker_season_listed'),
        ),
    ]
