"""What stands around articles and is no part of them, as tables by language.

Collected by reading what was left over on 132 real news pages of 40 countries; general
shapes only, none is one site's own wording. Each is matched against a whole line or its
beginning, never in the middle of a paragraph.
"""

import re

# A line that is exactly one of these (case and final punctuation aside) goes, wherever it is.
MARKERS = frozenset({
    # advertising and players
    "advertisement", "advertisements", "advertising", "ad", "sponsored", "promoted",
    "article content", "recommended videos", "story continues below advertisement",
    "story continues below", "article continues below advertisement", "anzeige", "werbung",
    "publicidad", "publicité", "pubblicità", "publicidade", "advertentie", "annonse",
    "annons", "reklam", "reklama", "реклама", "quảng cáo", "広告", "광고", "广告", "廣告",
    "loading...", "loading", "error in retrieving data", "play", "listen", "now playing",
    # sharing and counting
    "share", "share this", "share this article", "share this story", "copy link", "print",
    "email", "save", "follow", "subscribe", "sign up", "log in", "login", "sign in", "comments",
    "comment", "leave a comment", "add a comment", "no comments yet", "no comments", "reply",
    "join our commenting forum", "view comments", "teilen", "merken", "drucken", "kommentare",
    "kommentar abgeben", "partager", "commentaires", "commenter", "compartir", "comentarios",
    "comentar", "condividi", "commenti", "commenta", "compartilhar", "comentários", "delen",
    "reacties", "del", "dela", "kommentarer", "udostępnij", "komentarze", "sdílet", "komentáře",
    "paylaş", "yorumlar", "yorum yap", "bagikan", "komentar", "chia sẻ", "bình luận",
    "поделиться", "комментарии", "シェア", "コメント", "共有", "공유", "댓글", "공유하기",
    "分享", "评论", "評論", "关注", "收藏", "留言", "分享让更多人看到",
    # headings of what follows an article
    "related", "related articles", "related stories", "related topics", "related news",
    "related content", "read more", "read next", "read also", "more on this", "more stories",
    "more from", "recommended", "recommended stories", "you may also like", "most read",
    "most popular", "more headlines", "latest news",
    "trending", "up next", "see also", "in this article", "topics", "tags",
    "hashtags", "keywords", "sources", "mehr zum thema", "lesen sie auch", "ähnliche artikel",
    "auch interessant", "weitere artikel", "themen", "meistgelesen", "mehr infos", "à lire aussi",
    "lire aussi", "sur le même sujet", "à découvrir", "lee también", "te puede interesar",
    "más información", "noticias relacionadas", "temas", "leggi anche", "potrebbe interessarti",
    "articoli correlati", "leia também", "leia mais", "saiba mais", "lees ook", "lees meer",
    "les også", "læs også", "läs mer", "läs också", "lue myös", "czytaj więcej", "czytaj także",
    "zobacz także", "čtěte také", "mohlo by vás zajímat", "okumaya devam et", "ilgili haberler",
    "etiketler", "baca juga", "xem thêm", "tin liên quan", "читайте также", "по теме",
    "関連記事", "関連ニュース", "あわせて読みたい", "おすすめ記事", "관련기사", "관련 기사",
    "相关新闻", "相关阅读", "相关文章", "延伸阅读", "推荐阅读", "相關新聞", "延伸閱讀", "推薦閱讀",
})  # fmt: skip

# A line that begins like this points elsewhere: "Read more: …", "ALSO READ: …", "延伸閱讀：…".
POINTERS = re.compile(
    r"(?:(?:also\s+)?read(?:\s+(?:more|also|next|our|the full story|this))?|more(?: on this"
    r"| stories)?"
    r"|related(?:\s+(?:article|story|stories|link|coverage|reading))?s?|see also|watch|listen"
    r"|don't miss"
    r"|recommended|up next|in pictures|mehr(?: zum thema| dazu)?|lesen sie (?:auch|hier|mehr|dazu)?"
    r"|lesetipp|siehe auch|auch interessant|(?:à )?lire (?:aussi|également)|voir aussi|à lire"
    r"|lee (?:también|más)|le puede interesar|te puede interesar|leer más|ver también"
    r"|más información"
    r"|leggi anche|vedi anche|guarda anche|leia (?:também|mais)|veja também|lees ook|zie ook"
    r"|les også|les mer|læs også|läs (?:mer|också|även)|se också|lue (?:myös|lisää)"
    r"|czytaj (?:więcej|też|także|również)|zobacz (?:także|też|również)|čtěte (?:také|více)"
    r"|přečtěte si"
    r"|olvasd el|olvassa el|citește și|ayrıca okuyun|baca juga|simak juga|xem thêm|đọc thêm"
    r"|читайте (?:также|ещё|еще)|смотрите также|читайте також|関連記事|併せて読みたい|관련\s?기사"
    r"|相关(?:阅读|新闻|报道)|延伸阅读|推荐阅读|更多(?:阅读|新闻)|相關(?:新聞|報導)|延伸閱讀"
    r"|更多新聞)"
    r"\s*[:：|»>–—]\s*\S",
    re.IGNORECASE,
)

# Who took the picture: "Photo: AFP", "STR/AFP via Getty Images", "Bild: dpa", "Фото: …".
CREDITS = re.compile(
    r"(?:photos?|photograph|image|pictures?|video|illustration|graphic|credits?|photo credit"
    r"|screenshot"
    r"|fotos?|fotografía|foto-?nachweis|bild(?:quelle)?|bilder|grafik|quelle"
    r"|crédit(?:s)?(?: photo)?"
    r"|imagen|immagine|imagem|zdjęcie|fot\.|kuva|kép|fotó|ảnh|фото|фотография|изображение"
    r"|写真|画像|提供|사진|그래픽|图片|图源|图|圖片|圖|圖取自|攝影|照片)"
    r"\s*(?:by|von|par|credit|source|来源|來源)?\s*[:：=/©|]\s*.{1,100}"
    r"|(?:©|\(c\)|copyright\s*[©:@]?).{1,160}"
    r"|.{0,80}(?:/|via |- |, )\s*(?:getty images|getty|afp|reuters|epa|shutterstock|istock"
    r"|imago|picture[ -]alliance"
    r"|ap photo|ap images|bloomberg via getty images|anadolu|xinhua|alamy)(?:[/ ].{0,40})?"
    r"|(?:afp|reuters|dpa|epa|getty images|ap photo)\s*[/|].{1,60}",
    re.IGNORECASE,
)

# What a page asks of its reader. Looked for only in short lines at an article's ends.
APPEALS = re.compile(
    r"newsletter|subscribe|subscription|sign up|signing up|sign in|log ?in|all rights reserved"
    r"|terms of (?:use|service)|privacy policy|cookies?[- ](?:policy|notice|settings|preferences"
    r"|consent|banner|einstellungen|richtlinie|hinweis)|(?:use|uses|accept|manage|our) cookies"
    r"|follow (?:us|@|\w+ on)"
    r"|follow .{1,40} on (?:twitter|x|facebook|instagram)"
    r"|whatsapp|telegram channel|download (?:our|the) app|get the .{1,30} app|click here"
    r"|your inbox|email us|e-?mail:"
    r"|got a (?:story|tip)|have a story|get in touch|contact (?:us|the author|our)"
    r"|send (?:us|your) "
    r"|join (?:the|our) (?:conversation|community|discussion)|support (?:our|us|independent)"
    r"|donate|donation"
    r"|comment policy|commenting|would you like to comment|trust principles"
    r"|editorial standards|breaking news(?: story)? ?[-–—] ?more"
    r"|bookmark |our standards|without (?:written|prior|express) (?:consent|permission)"
    r"|republish|reproduced with permission"
    r"|this (?:article|story) (?:was|is|has been) (?:originally|first|updated|corrected|developing)"
    r"|abonnieren|abonnent|einloggen|anmelden|alle rechte vorbehalten|mit einer spende|spenden sie"
    r"|folge[nt]? (?:sie )?uns|fehler (?:melden|gefunden)|jetzt melden"
    r"|abonn[eé]|connectez-vous|tous droits|suivez[- ]nous|inscrivez|il vous reste \d"
    r"|suscr[ií]b|suscriptor|suscripci|regístrate|inicia sesión|síguenos|todos los derechos"
    r"|iscriviti|abbonat|seguici|riproduzione riservata|assine|inscreva|todos os direitos|siga-nos"
    r"|abonneer|nieuwsbrief|aanmelden|abonner|nyhetsbrev|nyhedsbrev|prenumerer|tilaa|uutiskirje"
    r"|subskryb|zaloguj|zapisz się|wszelkie prawa|předplat|přihlas|odběr|abone ol|üye ol|bülten"
    r"|berlangganan|ikuti (?:kami|berita)|đăng ký|theo dõi|подпис|рассылк|все права|войдите"
    r"|следите за"
    r"|ログイン|会員登録|有料会員|メルマガ|無断転載|フォロー|구독|로그인|무단\s?전재|재배포"
    r"|저작권|url이? ?복사"
    r"|订阅|關注|关注我们|登录|登入|版权|版權|扫码|掃碼|下载.{0,6}app|未经.{0,8}授权|责任编辑"
    r"|責任編輯|转载|轉載",
    re.IGNORECASE,
)

# Sign-up boxes stand in the middle of articles too. Only in short lines.
BOXES = re.compile(
    r"(?:sign up|subscribe|signing up)\b.{0,60}\b(?:newsletter|inbox|alerts)"
    r"|newsletter.{0,40}\binbox"
    r"|no spam|unsubscribe (?:at any time|with)|in your inbox|get the .{1,30} app\b"
    r"|follow us on|follow .{1,40} on (?:twitter|facebook|instagram|whatsapp)"
    r"|(?:abonniere[n]?|newsletter).{0,60}(?:newsletter|kanal|posteingang|anmelden|bestellen)"
    r"|inscrivez-vous à|abonnez-vous à|recevez.{0,40}newsletter|suscríbete a"
    r"|recibe.{0,40}newsletter"
    r"|iscriviti a|assine (?:a|nossa) newsletter|ニュースレター.{0,10}登録"
    r"|뉴스레터.{0,10}구독|扫码(?:关注|下载)"
    r"|(?:privacy|privatsphäre)-?einstellungen|external content|externer inhalt"
    r"|this (?:website|site) uses cookies|enable javascript|javascript (?:is )?disabled",
    re.IGNORECASE,
)

# A dateline or reading time that stands alone above the text.
STAMPS = re.compile(
    r"(?:(?:published|updated|posted|last (?:updated|modified)|veröffentlicht|aktualisiert"
    r"|stand|publié|mis à jour"
    r"|publicado|actualizado|pubblicato|aggiornato|gepubliceerd|bijgewerkt|publisert|oppdatert"
    r"|publicerad|uppdaterad"
    r"|publiceret|opdateret|opublikowano|aktualizováno|güncelleme|giriş|diterbitkan"
    r"|опубликовано|обновлено"
    r"|-\s*-?aktualisiert|公開|更新|입력|수정|发布|發布)\b.{0,80}"
    r"|\d+\s*(?:min(?:ute)?s?|minuten|min\.)\s*(?:read|lesezeit|de lecture|de lectura"
    r"|di lettura|leestid|lesetid)?"
    r"|.{0,24}\b\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d\d\b.{0,30}"
    r"|.{0,24}\b(?:19|20)\d\d[./-]\d{1,2}[./-]\d{1,2}\b.{0,30}"
    r"|\d+\s*(?:seconds?|minutes?|hours?|days?|weeks?|mins?|hrs?)\s+ago"
    r"|(?:additional |with )?(?:reporting|written|writing|edited|editing|translated|words"
    r"|text)\s+by .{1,100}"
    r"|\|.*\||.{2,20} (?:기자|記者))",
    re.IGNORECASE,
)
