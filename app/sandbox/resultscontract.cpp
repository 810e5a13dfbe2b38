#include "sandbox/resultscontract.h"

#include "sandbox/fields.h"

#include <QJsonArray>
#include <QSet>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::sandbox {

namespace {

bool staysInItsFolder(const QString &fileName)
{
    const QStringList parts = fileName.split(u'/');
    return std::none_of(parts.cbegin(), parts.cend(), [](const QString &part) {
        return part.isEmpty() || part == u"." || part == u".." || part.contains(QChar::Null);
    });
}

Result<void> checkFileName(const QString &fileName, const QString &where)
{
    if (!staysInItsFolder(fileName))
        return fail(u"\"%1\" is not the relative path of a file"_s.arg(fileName), where);
    return {};
}

} // namespace

Result<void> checkSignedUrlRequest(const QJsonObject &body, const QString &where)
{
    return checkFields({{u"filename"_s, true}}, body, where).and_then([&] {
        return checkFileName(body.value("filename"_L1).toString(), where);
    });
}

Result<void> checkUploadResults(const QJsonObject &body, const QString &where)
{
    const QStringList keys = {u"filenames"_s, u"signed_urls"_s, u"attachment_uuids"_s};
    QList<Field> fields;
    for (const QString &key : keys)
        fields << Field{.name = key, .required = true, .kind = Field::Kind::Texts};
    if (auto checked = checkFields(fields, body, where); !checked)
        return checked;
    const qsizetype count = body.value(keys.first()).toArray().size();
    for (const QString &key : keys) {
        const QVariantList items = body.value(key).toArray().toVariantList();
        if (items.size() != count)
            return fail(u"\"%1\" has %2 entries, \"%3\" has %4"_s.arg(key)
                            .arg(items.size())
                            .arg(keys.first())
                            .arg(count),
                        where);
        QSet<QString> seen;
        for (const QVariant &item : items)
            seen << item.toString();
        if (seen.size() != count)
            return fail(u"an entry of \"%1\" comes twice"_s.arg(key), where);
    }
    for (const QJsonValue name : body.value("filenames"_L1).toArray()) {
        if (auto checked = checkFileName(name.toString(), where); !checked)
            return checked;
    }
    return {};
}

} // namespace cloudnode::sandbox
