"""Fold spellings that mean the same into one, character by character, so that offsets stay.

Traditional Chinese is folded to simplified, full-width to ASCII. The table holds 1,400 common
characters; left out are those that simplified Chinese uses as well, in another meaning (乾, 徵).
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

TRADITIONAL = (
    "丟並亂亞佈佔併來侖侶侷係俠倆倉個們倖倣倫偉側偵偽傑傘備傚傢傭傳債傷傾僅僑僕僥僱價儀億儈儉"
    "儘償優儲兇兌兒內兩冊冪凍凜凱別刪則剋剎剛剝創剷劃劇劉劊劍劑勁動務勛勝勞勢勦勳勵勸勻匯區協"
    "卹卻厭厲參叢吳吶呂員唸問啞啟啣喚喪喫喬單喲嗆嗎嗚嘆嘔嘗嘩嘯噓噴噸噹嚇嚐嚥嚨嚮嚴囂囌囑囪國"
    "圍園圓圖團執堅堯報場塊塗塢塵塹墊墜墮墳墾壇壓壘壞壟壩壯壺壽夠夢夾奧奪奮妝妳姦姪娛婁婦媽嬌"
    "嬰嬸孃孫學孿宮寢實寧審寫寬寵寶將專尋對導屆屍屜屢層屬岡島峽崑崗崙嶄嶺嶼嶽巒巖帥師帳帶幀幟"
    "幣幫幹幾庫廁廂廄廈廚廟廠廢廣廬廳弔張強彆彈彌彎彙彥彫彿後徑從復徹恆恥悅悶悽惡惱愛慄態慘慚"
    "慣慫慮慶慼慾憂憊憐憑憚憤憫憲憶懇應懲懶懷懸懼懾戀戰戲戶拋挾捨捲掃掄掙掛採揀揚換揮揹搆損搖"
    "搗搶搾摟摯摻撈撐撓撥撫撲撻撾撿擁擄擇擊擋擔據擠擬擰擱擲擴擺擻擾攆攏攔攙攜攝攣攤攪攬敗敘敵"
    "數斂斃斬斷於昇時晉晝暈暢暫曆曉曠曬書會朮東枴柵桿條棄棗棟棧棲楊楓業極榦榮構槍槓槳樁樂樑樓"
    "標樞樣樸樹橋機橢橫檔檢檯檸檻櫃櫥櫻欄權欽歎歐歡歲歷歸殘殲殺殼毀毆毬氈氣氫氾汎汙決沒沖況洩"
    "洶涼淒淚淨淪淵淺渙減渦測渾湊湧湯準溝溫溼滄滅滌滬滯滲滷滾滿漁漢漣漬漲漸漿潑潔潛潤潰澀澆澗"
    "澤澱濁濃濕濘濛濟濤濫濰濱濺濾瀉瀋瀕瀝瀰瀾灑灘灣灤災為烏無煉煙煥煩熒熱熾燄燈燒燙營燦燬燭燴"
    "燻燼爍爐爛爭爺爾牆牠牴牽犢犧狀狹狽猙猶獄獅獎獨獰獲獵獸獺獻現琺瑣瑤瑩瑪瑯環瓊甕產甦畝畢畫"
    "異當疇疊痙痠痺瘉瘋瘍瘓瘡瘧療癒癟癡癢癥癬癱發皚皺盃盜盞盡監盤盧盪眾睏睜瞇瞞瞭矇矚矯砲硃硯"
    "碩確碼磚礎礙礦礫礬祕祿禍禦禮禱禿稅稈稜種稱穀積穎穢穩穫窩窪窮窯窺竄竅竊競筆筍箇箋節範築篩"
    "簍簑簡簽簾籃籌籐籠籤籬籮籲粵糞糧糰糾紀約紅紉紋納紐純紗紙級紛紡紮細紳紹終絃組絆結絕絛絞絡"
    "絢給絨統絲絹綁綏綑經綜綠綢維綱網綴綵綸綻綽綿緊緒緘線緝緞締緣編緩緬緯練緻縛縣縫縮縱縴縷總"
    "績繃織繕繙繞繡繩繪繫繭繳繹繼續纏纓纔纖纜缽罈罰罵罷羅羨義習翹聖聞聯聰聲聳聶職聽聾肅脅脈脣"
    "脩脫脹腎腦腫腳腸膚膠膩膽膿臉臍臘臟臥臨臺與興舉舊艙艦艱艷茲荊莊莖莢華萊萬葉葦葷蒐蒼蓆蓋蓮"
    "蔔蔣蔥蔭蕩蕪蕭薊薑薔薦薩藍藝藥藹蘆蘇蘊蘋蘭蘿處虛虜號虧蛻蝕蝦蝨蝸螞螢蟬蟲蟻蠅蠍蠟蠱蠶蠻術"
    "衛衝補裝裡製複褲襖襪襬襯襲見規覓視親覺覽觀觸訂訃計訊討訓訖託記訛訝訟訣訪設許訴診註証詐評"
    "詛詞詠詢詣試詩詫詭話該詳誅誇誌認誕誘語誠誡誣誤誦誨說誰課誹誼調諄談請諒論諜諧諮諱諷諸諺諾"
    "謀謂謄謊謎謗謙講謝謠謬謹譁證譏識譚譜譟譯議譴護譽讀變讒讓讚豈豎豐豔豬貍貓貝貞負財貢貧貨販"
    "貪貫責貯貳貴貶買貸費貼貿賀賂賃賄資賈賊賒賓賜賞賠賢賣賤賦質賬賭賴賺購賽贅贈贊贍贏贓贖贛趕"
    "趙趨跡踐踫踴蹟蹤躊躍軀車軋軌軍軒軟軸較載輓輔輕輛輝輥輩輪輯輸輻輾輿轄轅轉轍轎轟辦辭辮辯農"
    "迴這連週進遊運過達違遙遜遞遠適遲遷選遺遼邁還邊邏郵鄉鄒鄧鄭鄰醜醞醫醬釀釁釋釐釕釘針釣釦釩"
    "鈉鈍鈔鈕鈞鈣鈦鈴鈷鈾鉀鉅鉑鉗鉚鉛鉤鉬鉸鉻銀銅銑銘銜銦銲銳銷銻鋁鋅鋇鋒鋤鋪鋸鋼錄錐錘錠錢錦"
    "錨錫錯錳錶鍊鍋鍍鍛鍬鍵鍺鍾鎂鎊鎖鎗鎚鎢鎬鎮鎳鎵鏈鏟鏡鏽鐘鐮鐳鐵鑄鑑鑒鑤鑰鑲鑷鑼鑽鑿長門閃"
    "閉開閏閑閒間閘閡閣閤閥閨閩閱閻闆闊闌闖關闡闢阬陝陞陣陰陳陸陽隄隊階隕際隨險隱隴隸隻雖雙雛"
    "雜雞離難雲電霑霧靈靜鞏鞦韆韋韌韓韻響頁頂頃項順須頌預頑頒頓頗領頤頭頰頸頹頻顆題額顏願顛類"
    "顧顫顯顱風颱颳飄飛飢飯飲飼飽飾餃餅養餌餒餓餘餞餡館餵餽餾饅饑饒饞馬馭馮馱馳馴駁駐駒駕駛駝"
    "駭駱駿騁騎騙騰騷騾驅驍驕驗驚驟驢骯髒體髮鬆鬍鬚鬥鬧鬨鬱魚魯鮑鮮鯉鯨鰓鱉鱗鳥鳳鳴鴉鴕鴛鴦鴨"
    "鴻鴿鵑鵝鵬鵲鶴鷗鷹鹵鹹鹼鹽麗麥麵麼黃點黨黴鼕齊齋齒齡齣齧齲龍龐龔龜"
)
SIMPLIFIED = (
    "丢并乱亚布占并来仑侣局系侠俩仓个们幸仿伦伟侧侦伪杰伞备效家佣传债伤倾仅侨仆侥雇价仪亿侩俭"
    "尽偿优储凶兑儿内两册幂冻凛凯别删则克刹刚剥创铲划剧刘刽剑剂劲动务勋胜劳势剿勋励劝匀汇区协"
    "恤却厌厉参丛吴呐吕员念问哑启衔唤丧吃乔单哟呛吗呜叹呕尝哗啸嘘喷吨当吓尝咽咙向严嚣苏嘱囱国"
    "围园圆图团执坚尧报场块涂坞尘堑垫坠堕坟垦坛压垒坏垄坝壮壶寿够梦夹奥夺奋妆你奸侄娱娄妇妈娇"
    "婴婶娘孙学孪宫寝实宁审写宽宠宝将专寻对导届尸屉屡层属冈岛峡昆岗仑崭岭屿岳峦岩帅师帐带帧帜"
    "币帮干几库厕厢厩厦厨庙厂废广庐厅吊张强别弹弥弯汇彦雕佛后径从复彻恒耻悦闷凄恶恼爱栗态惨惭"
    "惯怂虑庆戚欲忧惫怜凭惮愤悯宪忆恳应惩懒怀悬惧慑恋战戏户抛挟舍卷扫抡挣挂采拣扬换挥背构损摇"
    "捣抢榨搂挚掺捞撑挠拨抚扑挞挝捡拥掳择击挡担据挤拟拧搁掷扩摆擞扰撵拢拦搀携摄挛摊搅揽败叙敌"
    "数敛毙斩断于升时晋昼晕畅暂历晓旷晒书会术东拐栅杆条弃枣栋栈栖杨枫业极干荣构枪杠桨桩乐梁楼"
    "标枢样朴树桥机椭横档检台柠槛柜橱樱栏权钦叹欧欢岁历归残歼杀壳毁殴球毡气氢泛泛污决没冲况泄"
    "汹凉凄泪净沦渊浅涣减涡测浑凑涌汤准沟温湿沧灭涤沪滞渗卤滚满渔汉涟渍涨渐浆泼洁潜润溃涩浇涧"
    "泽淀浊浓湿泞蒙济涛滥潍滨溅滤泻沈濒沥弥澜洒滩湾滦灾为乌无炼烟焕烦荧热炽焰灯烧烫营灿毁烛烩"
    "熏烬烁炉烂争爷尔墙它抵牵犊牺状狭狈狰犹狱狮奖独狞获猎兽獭献现珐琐瑶莹玛琅环琼瓮产苏亩毕画"
    "异当畴叠痉酸痹愈疯疡痪疮疟疗愈瘪痴痒症癣瘫发皑皱杯盗盏尽监盘卢荡众困睁眯瞒了蒙瞩矫炮朱砚"
    "硕确码砖础碍矿砾矾秘禄祸御礼祷秃税秆棱种称谷积颖秽稳获窝洼穷窑窥窜窍窃竞笔笋个笺节范筑筛"
    "篓蓑简签帘篮筹藤笼签篱箩吁粤粪粮团纠纪约红纫纹纳纽纯纱纸级纷纺扎细绅绍终弦组绊结绝绦绞络"
    "绚给绒统丝绢绑绥捆经综绿绸维纲网缀彩纶绽绰绵紧绪缄线缉缎缔缘编缓缅纬练致缚县缝缩纵纤缕总"
    "绩绷织缮翻绕绣绳绘系茧缴绎继续缠缨才纤缆钵坛罚骂罢罗羡义习翘圣闻联聪声耸聂职听聋肃胁脉唇"
    "修脱胀肾脑肿脚肠肤胶腻胆脓脸脐腊脏卧临台与兴举旧舱舰艰艳兹荆庄茎荚华莱万叶苇荤搜苍席盖莲"
    "卜蒋葱荫荡芜萧蓟姜蔷荐萨蓝艺药蔼芦苏蕴苹兰萝处虚虏号亏蜕蚀虾虱蜗蚂萤蝉虫蚁蝇蝎蜡蛊蚕蛮术"
    "卫冲补装里制复裤袄袜摆衬袭见规觅视亲觉览观触订讣计讯讨训讫托记讹讶讼诀访设许诉诊注证诈评"
    "诅词咏询诣试诗诧诡话该详诛夸志认诞诱语诚诫诬误诵诲说谁课诽谊调谆谈请谅论谍谐咨讳讽诸谚诺"
    "谋谓誊谎谜谤谦讲谢谣谬谨哗证讥识谭谱噪译议谴护誉读变谗让赞岂竖丰艳猪狸猫贝贞负财贡贫货贩"
    "贪贯责贮贰贵贬买贷费贴贸贺赂赁贿资贾贼赊宾赐赏赔贤卖贱赋质账赌赖赚购赛赘赠赞赡赢赃赎赣赶"
    "赵趋迹践碰踊迹踪踌跃躯车轧轨军轩软轴较载挽辅轻辆辉辊辈轮辑输辐辗舆辖辕转辙轿轰办辞辫辩农"
    "回这连周进游运过达违遥逊递远适迟迁选遗辽迈还边逻邮乡邹邓郑邻丑酝医酱酿衅释厘钌钉针钓扣钒"
    "钠钝钞钮钧钙钛铃钴铀钾巨铂钳铆铅钩钼铰铬银铜铣铭衔铟焊锐销锑铝锌钡锋锄铺锯钢录锥锤锭钱锦"
    "锚锡错锰表炼锅镀锻锹键锗钟镁镑锁枪锤钨镐镇镍镓链铲镜锈钟镰镭铁铸鉴鉴刨钥镶镊锣钻凿长门闪"
    "闭开闰闲闲间闸阂阁合阀闺闽阅阎板阔阑闯关阐辟坑陕升阵阴陈陆阳堤队阶陨际随险隐陇隶只虽双雏"
    "杂鸡离难云电沾雾灵静巩秋千韦韧韩韵响页顶顷项顺须颂预顽颁顿颇领颐头颊颈颓频颗题额颜愿颠类"
    "顾颤显颅风台刮飘飞饥饭饮饲饱饰饺饼养饵馁饿余饯馅馆喂馈馏馒饥饶馋马驭冯驮驰驯驳驻驹驾驶驼"
    "骇骆骏骋骑骗腾骚骡驱骁骄验惊骤驴肮脏体发松胡须斗闹哄郁鱼鲁鲍鲜鲤鲸鳃鳖鳞鸟凤鸣鸦鸵鸳鸯鸭"
    "鸿鸽鹃鹅鹏鹊鹤鸥鹰卤咸碱盐丽麦面么黄点党霉冬齐斋齿龄出啮龋龙庞龚龟"
)
FULL_WIDTH = {0xFF01 + shift: 0x21 + shift for shift in range(94)}
TABLE = (
    FULL_WIDTH
    | dict(zip(map(ord, TRADITIONAL), SIMPLIFIED, strict=True))
    | {0x3000: " ", 0x2019: "'"}
)


PLAIN = TABLE | {0x2026: " "}
# Below so many characters (terms, titles) `translate` is the faster: 1 µs for 5 at eight of them.
SHORT = 40


def _units(table: Mapping[int, int | str]) -> NDArray[np.uint16]:
    """Return what becomes of each UTF-16 unit."""
    units = np.arange(2**16, dtype=np.uint16)
    for char, folded in table.items():
        units[char] = ord(folded) if isinstance(folded, str) else folded
    units.flags.writeable = False
    return units


_FOLDED, _PLAIN = _units(TABLE), _units(PLAIN)


def fold(text: str) -> str:
    """Return `text` of the same length with width and Chinese script folded; case is kept."""
    return text if text.isascii() else _translated(text, _FOLDED) or text.translate(TABLE)


def plain(text: str) -> str:
    """Return `text` folded and "…" left out: NFKC then has little to do."""
    return text if text.isascii() else _translated(text, _PLAIN) or text.translate(PLAIN)


def _translated(text: str, units: NDArray[np.uint16]) -> str:
    """Return a text unit by unit, in a third of the time of `translate`; "" where it cannot.

    Two lone halves of a character in a row would become one.
    """
    if len(text) < SHORT:
        return ""
    read = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), dtype="<u2")
    folded = units[read].tobytes().decode("utf-16-le", "surrogatepass")
    return folded if len(folded) == len(text) else ""


def lower(text: str) -> str:
    """Return `text` lower-cased at the same length ("İ" has a longer lower case: it stays)."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)
