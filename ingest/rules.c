/* See rules.h. Sources, from memory and adapted: Matomo's DOWNLOAD_EXTENSIONS and its
 * log importer, GoAccess' static files, and what servers were seen to serve. Where we
 * differ on purpose: pictures are never downloads (Matomo counts some), video and audio
 * players' segments and playlists (.ts .m4s .m3u8 .mpd) are assets though .mp4 and .mp3
 * are downloads, .txt and .md are pages.
 *
 * Items are in order of bytes; a test says when one is not, or when a list's masks (see
 * rules.h) do not fit it. */
#include "rules.h"

#include <assert.h>

#define S(literal)                                                                     \
    {                                                                                  \
        (literal), sizeof(literal) - 1                                                 \
    }

/* clang-format off */
static const struct ff_span downloads[] = {
    S("3gp"), S("3mf"), S("7z"), S("aab"), S("aac"), S("ace"), S("aiff"), S("apk"),
    S("appimage"), S("appx"), S("arj"), S("asc"), S("asf"), S("avi"), S("azw"),
    S("azw3"), S("bin"), S("blend"), S("bz"), S("bz2"), S("cab"), S("chm"), S("crx"),
    S("csv"), S("deb"), S("djvu"), S("dmg"), S("doc"), S("docm"), S("docx"), S("dot"),
    S("dotx"), S("dwg"), S("dxf"), S("ear"), S("eps"), S("epub"), S("exe"), S("flac"),
    S("flatpak"), S("flatpakref"), S("flv"), S("gem"), S("geojson"), S("gpkg"),
    S("gpx"), S("gz"), S("hqx"), S("ibooks"), S("img"), S("indd"), S("ipa"), S("iso"),
    S("jar"), S("key"), S("kml"), S("kmz"), S("lz4"), S("lzma"), S("m4a"), S("m4b"),
    S("m4v"), S("md5"), S("metalink"), S("mid"), S("midi"), S("mkv"), S("mobi"),
    S("mov"), S("mp2"), S("mp3"), S("mp4"), S("mpeg"), S("mpg"), S("mpkg"), S("msi"),
    S("msix"), S("msp"), S("numbers"), S("nupkg"), S("obj"), S("odb"), S("odf"),
    S("odg"), S("odp"), S("ods"), S("odt"), S("oga"), S("ogg"), S("ogv"), S("opus"),
    S("ott"), S("ova"), S("pages"), S("parquet"), S("pdf"), S("pkg"), S("pot"),
    S("potx"), S("pps"), S("ppsx"), S("ppt"), S("pptm"), S("pptx"), S("ps"), S("psd"),
    S("qcow2"), S("qt"), S("rar"), S("rpm"), S("rtf"), S("sha256"), S("sha512"),
    S("shp"), S("sig"), S("sit"), S("sitx"), S("sketch"), S("snap"), S("sql"),
    S("sqlite"), S("step"), S("stl"), S("stp"), S("tar"), S("tbz"), S("tbz2"), S("tex"),
    S("tgz"), S("torrent"), S("tsv"), S("txz"), S("vcf"), S("vhd"), S("vhdx"),
    S("vmdk"), S("vsd"), S("vsdx"), S("vsix"), S("war"), S("wav"), S("webm"), S("whl"),
    S("wma"), S("wmv"), S("wpd"), S("xapk"), S("xls"), S("xlsb"), S("xlsm"), S("xlsx"),
    S("xlt"), S("xltx"), S("xmind"), S("xpi"), S("xz"), S("z"), S("zip"), S("zst"),
};

static const struct ff_span assets[] = {
    S("apng"), S("avif"), S("axd"), S("basis"), S("bmp"), S("cjs"), S("class"),
    S("css"), S("cur"), S("eot"), S("gif"), S("glb"), S("gltf"), S("heic"), S("heif"),
    S("htc"), S("ico"), S("jfif"), S("jp2"), S("jpe"), S("jpeg"), S("jpg"), S("js"),
    S("jxl"), S("ktx2"), S("less"), S("lottie"), S("m3u8"), S("m4s"), S("map"),
    S("mjs"), S("mpd"), S("mvt"), S("otf"), S("pagefind"), S("pbf"), S("png"), S("riv"),
    S("scss"), S("srt"), S("svg"), S("svgz"), S("swf"), S("tif"), S("tiff"), S("ts"),
    S("ttf"), S("vtt"), S("wasm"), S("webmanifest"), S("webp"), S("woff"), S("woff2"),
};

static const struct ff_span data[] = {
    S("appcache"), S("asmx"), S("atom"), S("ics"), S("json"), S("json5"), S("jsonld"),
    S("jsonp"), S("manifest"), S("ndjson"), S("rdf"), S("rss"), S("svc"), S("wsdl"),
    S("xml"), S("xsd"), S("xsl"), S("xslt"),
};

static const struct ff_span feeds[] = {
    S("atom"), S("feed"), S("feeds"), S("rdf"), S("rss"), S("rss2"),
};

static const struct ff_span root_files[] = {
    S("ads.txt"), S("ai.txt"), S("app-ads.txt"), S("browserconfig.xml"),
    S("crossdomain.xml"), S("humans.txt"), S("llms-full.txt"), S("llms.txt"),
    S("pgp-key.txt"), S("robots.txt"), S("security.txt"), S("sitemap.txt"),
    S("trust.txt"),
};

static const struct ff_span apis[] = {
    S(".netlify"), S(".well-known"), S("_next/data"), S("_ping"), S("_vercel"),
    S("api"), S("cdn-cgi"), S("graphql"), S("healthz"), S("livez"), S("matomo.php"),
    S("matomo/matomo.php"), S("matomo/piwik.php"), S("nginx_status"), S("piwik.php"),
    S("piwik/piwik.php"), S("readyz"), S("server-status"), S("socket.io"),
    S("wp-admin/admin-ajax.php"), S("wp-admin/admin-post.php"), S("wp-cron.php"),
    S("wp-json"), S("xmlrpc.php"),
};

static const struct ff_span search_segments[] = {
    S("anazitisi"), S("ara"), S("arama"), S("busca"), S("buscador"), S("buscar"),
    S("busqueda"), S("cari"), S("cauta"), S("cautare"), S("cerca"), S("căutare"),
    S("etsi"), S("find"), S("finder"), S("haku"), S("hledani"), S("hledat"),
    S("iskanje"), S("kereses"), S("kereso"), S("keresés"), S("meklesana"), S("meklet"),
    S("otsing"), S("paieska"), S("pencarian"), S("pesquisa"), S("pesquisar"),
    S("poisk"), S("potraga"), S("pretraga"), S("procurar"), S("recherche"),
    S("rechercher"), S("recherches"), S("ricerca"), S("ricerche"), S("search"),
    S("search-results"), S("searches"), S("searchresult"), S("searchresults"),
    S("site-search"), S("soek"), S("sok"), S("suche"), S("suchen"), S("suchergebnis"),
    S("suchergebnisse"), S("szukaj"), S("sök"), S("søg"), S("søk"), S("tim-kiem"),
    S("trazi"), S("vyhladavanie"), S("vyhledavani"), S("wyszukaj"), S("wyszukiwanie"),
    S("zoek"), S("zoeken"), S("zoekresultaten"), S("αναζήτηση"),
    S("поиск"), S("пошук"), S("搜索"), S("検索"), S("검색"),
};

static const struct ff_span search_parameters[] = {
    S("keyword"), S("keywords"), S("q"), S("query"), S("s"), S("search"), S("term"),
};

static const struct ff_span campaign_prefixes[] = {
    S("mtm_"), S("pk_"), S("utm_"),
};

static const struct ff_span persons[] = {
    S("account"), S("accounts"), S("customer"), S("customers"), S("member"),
    S("members"), S("people"), S("profile"), S("profiles"), S("u"), S("user"),
    S("users"),
};

static const struct ff_span functions[] = {
    S("activate"), S("activation"), S("add"), S("all"), S("auth"), S("billing"),
    S("change-password"), S("confirm"), S("create"), S("dashboard"), S("delete"),
    S("edit"), S("email"), S("favorites"), S("favourites"), S("forgot"),
    S("forgot-password"), S("help"), S("index"), S("info"), S("invite"), S("list"),
    S("log-in"), S("log-out"), S("login"), S("logoff"), S("logon"), S("logout"),
    S("me"), S("messages"), S("new"), S("notifications"), S("oauth"), S("overview"),
    S("password"), S("preferences"), S("recover"), S("reg"), S("register"),
    S("registration"), S("reset"), S("reset-password"), S("search"), S("security"),
    S("settings"), S("sign-in"), S("sign-out"), S("sign-up"), S("sign_in"),
    S("sign_out"), S("sign_up"), S("signin"), S("signout"), S("signup"),
    S("subscriptions"), S("update"), S("verify"), S("wishlist"),
};

static const struct ff_span references[] = {
    S("activate"), S("cart"), S("carts"), S("confirm"), S("invite"), S("invites"),
    S("invoice"), S("invoices"), S("order"), S("orders"), S("reset"), S("resets"),
    S("share"), S("shares"), S("ticket"), S("tickets"), S("unsubscribe"), S("verify"),
};

static const struct ff_span placeholders[] = {
    S("{card}"), S("{email}"), S("{geo}"), S("{hex}"), S("{iban}"), S("{id}"),
    S("{ip}"), S("{long}"), S("{mac}"), S("{num}"), S("{phone}"), S("{token}"),
    S("{uuid}"),
};

#define LIST(title, items, lengths, letters) \
    { (title), (items), sizeof(items) / sizeof *(items), (lengths), (letters) }

static const struct ff_rules_list lists[FF_RULES_COUNT] = {
    [FF_RULES_DOWNLOADS] =
        LIST("download extensions", downloads, 0x000005FE, 0x05DFFFFE),
    [FF_RULES_ASSETS] =
        LIST("asset extensions", assets, 0x0000097C, 0x00DDBFAE),
    [FF_RULES_DATA] =
        LIST("feed and API extensions", data, 0x00000178, 0x018C6602),
    [FF_RULES_FEEDS] =
        LIST("feed names (last segment)", feeds, 0x00000038, 0x00040042),
    [FF_RULES_ROOT_FILES] =
        LIST("files for machines (whole paths)", root_files, 0x0002BFC0, 0x001D110E),
    [FF_RULES_APIS] =
        LIST("API paths (first segments)", apis, 0x0083BFE8, 0x818D718A),
    [FF_RULES_SEARCH_SEGMENTS] =
        LIST("site search: path segments (up to the first dot)", search_segments, 0x00047FF8, 0x04DDEF6E),
    [FF_RULES_SEARCH_PARAMETERS] =
        LIST("site search: parameters", search_parameters, 0x000001F2, 0x001A0800),
    [FF_RULES_CAMPAIGN_PREFIXES] =
        LIST("campaign parameters (each with source, medium, campaign)", campaign_prefixes, 0x00000018, 0x00212000),
    [FF_RULES_PERSONS] =
        LIST("segments before a person", persons, 0x000003F2, 0x0021200A),
    [FF_RULES_FUNCTIONS] =
        LIST("segments that are no person", functions, 0x0000FFFC, 0x00EDF37E),
    [FF_RULES_REFERENCES] =
        LIST("segments before a reference", references, 0x000009F0, 0x007C820A),
    [FF_RULES_PLACEHOLDERS] =
        LIST("placeholders", placeholders, 0x000000F0, 0x08000000),
};
/* clang-format on */

const struct ff_rules_list *ff_rules_list(enum ff_rules rules)
{
    assert(rules < FF_RULES_COUNT);
    return &lists[rules];
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 32) : c;
}

static int compare_lower(struct ff_span word, struct ff_span item)
{
    const size_t n = word.len < item.len ? word.len : item.len;
    for (size_t i = 0; i < n; i++) {
        const int order =
            (unsigned char)lower(word.data[i]) - (unsigned char)item.data[i];
        if (order)
            return order;
    }
    return (word.len > item.len) - (word.len < item.len);
}

bool ff_rules_have(enum ff_rules rules, struct ff_span word)
{
    const struct ff_rules_list *list = ff_rules_list(rules);
    if (word.len == 0 || !(list->lengths >> (word.len & 31) & 1) ||
        !(list->first_letters >> (word.data[0] & 31) & 1))
        return false;
    size_t low = 0, high = list->n_items;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int order = compare_lower(word, list->items[middle]);
        if (order == 0)
            return true;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return false;
}
